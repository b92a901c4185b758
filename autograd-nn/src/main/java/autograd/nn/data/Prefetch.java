package autograd.nn.data;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Items made ahead, in order, on one background thread. The thread is never asked for more than there is room
 * for, so it never waits for a loop: if that is gone, it ends by itself. If it cannot be started, the thread
 * that asks makes the items.
 */
final class Prefetch<T> implements Iterator<T> {
    static final String THREAD = "autograd-prefetch";

    private final IntFunction<T> make;
    private final int count;
    private final Queue<Future<T>> ready = new ArrayDeque<>();
    private final ThreadPoolExecutor background;
    private int asked, taken;
    private boolean alone;

    Prefetch(IntFunction<T> make, int count, int ahead) {
        this(make, count, ahead, work -> Thread.ofPlatform().daemon().name(THREAD).unstarted(work));
    }

    Prefetch(IntFunction<T> make, int count, int ahead, ThreadFactory threads) {
        this.make = make;
        this.count = count;
        background = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        background.allowCoreThreadTimeOut(true);
        for (int i = 0; i < ahead; i++)
            ask();
    }

    private void ask() {
        if (asked == count)
            return;
        int index = asked++;
        var item = new FutureTask<>(() -> make.apply(index));
        if (alone || !startedInBackground(item))
            item.run();
        ready.add(item);
        if (asked == count)
            background.shutdown(); // after what was asked for
    }

    private boolean startedInBackground(Runnable item) {
        try {
            background.execute(item);
        } catch (OutOfMemoryError | RuntimeException e) { // the former where no more threads are allowed
            System.getLogger(Prefetch.class.getName()).log(System.Logger.Level.WARNING,
                    "making batches on the thread that asks for them, because no other could be started: " + e);
            alone = true;
        }
        return !alone;
    }

    @Override
    public boolean hasNext() { return taken < count; }

    @Override
    public T next() {
        if (!hasNext())
            throw new NoSuchElementException("there are " + count + " batches");
        int index = taken++;
        try {
            T item = ready.remove().get();
            ask();
            return item;
        } catch (ExecutionException e) {
            taken = count;
            background.shutdownNow();
            throw failed(e.getCause(), index);
        } catch (InterruptedException e) {
            taken = count;
            background.shutdownNow();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("prefetch: interrupted while waiting for batch " + index, e);
        }
    }

    /** As it would be thrown without a background; who asked for it is written down beside. */
    private static RuntimeException failed(Throwable cause, int index) {
        cause.addSuppressed(new IllegalStateException("prefetch: batch " + index + " was asked for here"));
        if (cause instanceof Error error)
            throw error;
        return (RuntimeException) cause;
    }
}
