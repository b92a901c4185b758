package autograd.kernels.hotspot;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Decides when a loop that HotSpot must compile first takes over from plain code that gives the same bits. A
 * loop over vectors that is not compiled makes an object of each vector and is up to a thousand times slower.
 *
 * <p>
 * A gate opens after some work in plain code. A gate with a warm-up then has a background thread call the
 * loop, on tiny arrays, until a call is fast, and opens if one was; else it tries again after more work. So a
 * loop that never gets fast is never used.
 */
public final class CompileGate {
    /** Arrays of fewer elements, which mostly tests have, are left to plain code: it needs no compiler. */
    public static final int SMALL = 64;
    /** Terms of a sum in a warm-up: each call then counts enough for the compile thresholds of HotSpot. */
    public static final int TERMS = 25;
    private static final int CALLS = 650, BATCH = 50;
    static final int MAX_CALLS = 20_000;
    /** A compiled call takes a tenth of this, any other at least ten times as long. */
    private static final long FAST = 2_000; // nanoseconds
    private static final long PAUSE = 1_000_000; // nanoseconds
    /** Multiply-adds before a warm-up, some 20 ms of them: a program that ends soon needs no compiler. */
    private static final long WARMUP_WORK = 1 << 26;
    /** HotSpot on a busy processor may compile a loop after its warm-up; the first call of the next tells. */
    private static final int GROWTH = 4;

    /** The thread of warm-ups, started when first needed; it ends when there is nothing left to do. */
    private static final class Background {
        static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("autograd-warmup").factory());

        static {
            THREAD.allowCoreThreadTimeOut(true);
        }
    }

    /** For tests: whether all gates are open, or all are shut. */
    public static volatile @Nullable Boolean forced;

    private final @Nullable Supplier<Runnable> warmup;
    private final AtomicLong work = new AtomicLong();
    private volatile long patience;
    private volatile boolean open;

    /** A gate that opens after so much work, in the unit of {@link #isOpen}. */
    public CompileGate(long work) {
        this.patience = work;
        this.warmup = null;
    }

    /**
     * A gate that opens when its loop is compiled. When it needs to know, it has the warm-up made: a call of the
     * loop with {@link #TERMS} terms.
     */
    public CompileGate(Supplier<Runnable> warmup) {
        this.patience = WARMUP_WORK;
        this.warmup = warmup;
    }

    /**
     * Whether to use the loop rather than plain code, for an amount of work: elements, or multiply-adds if the
     * gate has a warm-up.
     */
    public boolean isOpen(long amount) {
        Boolean all = forced;
        return all != null ? all : open || count(amount);
    }

    private boolean count(long amount) {
        long before = work.getAndAdd(amount);
        if (before + amount < patience)
            return false;
        if (warmup == null)
            return open = true;
        if (before < patience)
            warmUp(Background.THREAD);
        return open;
    }

    /** In the background, or here where no thread can be started. */
    void warmUp(Executor background) {
        try {
            background.execute(this::warmUp);
        } catch (OutOfMemoryError | RuntimeException e) {
            System.getLogger(CompileGate.class.getName()).log(System.Logger.Level.DEBUG,
                    "warming loops up on this thread, because no other could be started: " + e);
            warmUp();
        }
    }

    /** Calls the loop until it is fast, or has been called so often that it hardly will be. */
    void warmUp() {
        Runnable call = warmup.get();
        for (int calls = 0; calls < MAX_CALLS; calls += BATCH) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < BATCH; i++) {
                long begin = System.nanoTime();
                call.run();
                least = Math.min(least, System.nanoTime() - begin);
            }
            if (least < FAST) {
                open = true;
                return;
            }
            if (calls > CALLS)
                LockSupport.parkNanos(PAUSE); // the compiler is at work, perhaps on this processor
        }
        patience = GROWTH * patience;
        work.set(0);
    }
}
