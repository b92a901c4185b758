package autograd.kernels.vector.hotspot;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

/**
 * Whether HotSpot has compiled a loop over vectors. Before, each vector is an object and a tile takes a
 * thousand times as long, so its caller does the same sums in plain code. Meanwhile a thread of this class
 * calls the loop with next to nothing to do, until it is fast. One that never gets fast is never used: it is
 * tried again after some more work, each time more of it.
 */
public final class CompileGate {
    /** What the tiers of HotSpot count: with so many terms, so many calls are enough to be compiled. */
    public static final int TERMS = 25;
    private static final int CALLS = 650, BATCH = 50;
    static final int MOST = 20_000;
    /** A compiled tile of so few terms takes a tenth of this, one that is not at least ten times as long. */
    private static final long FAST = 2_000; // nanoseconds
    private static final long PAUSE = 1_000_000;
    /** So many plain multiply-adds, some 20 ms, come first: a program that ends soon needs no compiler. */
    private static final long PATIENCE = 1 << 26;
    /**
     * A busy processor may compile a loop after the last call of a try; the first call of the next one will tell.
     */
    private static final int GROWTH = 4;

    /** The thread, made when first needed; it ends when there is nothing left to do. */
    private static final class Background {
        static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("autograd-warmup").factory());

        static {
            THREAD.allowCoreThreadTimeOut(true);
        }
    }

    /**
     * For tests, which want either the loops over vectors or the plain ones: whether all are taken to be done.
     */
    public static volatile @Nullable Boolean forced;

    private final int which;
    private final IntFunction<Runnable> maker;
    private final AtomicLong work = new AtomicLong();
    private volatile long patience = PATIENCE;
    private volatile boolean done;

    /**
     * A loop that is not compiled yet.
     *
     * @param which
     *            says which one, where several are alike
     * @param maker
     *            makes what calls it with {@link #TERMS} terms: not before it is needed, for it has arrays, and
     *            links of lambdas are slow while a JVM begins
     */
    public CompileGate(int which, IntFunction<Runnable> maker) {
        this.which = which;
        this.maker = maker;
    }

    /** Whether the loop is fast; who asks says how many multiply-adds it is about. */
    public boolean isDone(int multiplyAdds) {
        Boolean all = forced;
        return all != null ? all : done || ask(multiplyAdds);
    }

    private boolean ask(int multiplyAdds) {
        long before = work.getAndAdd(multiplyAdds);
        if (before < patience && before + multiplyAdds >= patience)
            Background.THREAD.execute(this::warm);
        return false;
    }

    /** Calls the loop until it is fast, or has been called so often that it hardly will be. */
    void warm() {
        Runnable call = maker.apply(which);
        for (int calls = 0; calls < MOST; calls += BATCH) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < BATCH; i++) {
                long begin = System.nanoTime();
                call.run();
                least = Math.min(least, System.nanoTime() - begin);
            }
            if (least < FAST) {
                done = true;
                return;
            }
            if (calls > CALLS)
                LockSupport.parkNanos(PAUSE); // the compiler is at work, perhaps on this processor
        }
        patience = GROWTH * patience;
        work.set(0);
    }
}
