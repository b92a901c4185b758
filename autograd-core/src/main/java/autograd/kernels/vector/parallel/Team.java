package autograd.kernels.vector.parallel;

import autograd.kernels.settings.Settings;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that share large products. A caller offers numbered parts; it and the helpers claim them one by
 * one, so a helper that comes late, or never, costs nothing: the caller does the rest. A helper that loses
 * its processor to another program in the middle of a part keeps the caller waiting; then it works alone for
 * a while. Whoever finds the team busy, a part that calls it again included, does all of its parts alone.
 * Helpers are daemons, are started when first needed, and sleep soon after the last work. Those that cannot
 * be started are done without.
 */
public final class Team {
    /** One piece of work, known by its number. */
    @FunctionalInterface
    public interface Part {
        public void run(int index);
    }

    /**
     * From product to product of a training step takes less; waking a sleeper, or coming back from a yield, more.
     */
    private static final long PATIENCE = 1_000_000; // nanoseconds
    private static final int THREADS = Settings.get().threads();
    /** Waiting so long, beyond two parts of usual length, means that a helper has no processor. */
    private static final long LATE = 500_000; // nanoseconds
    /**
     * To work alone for so many times as long after that costs at most a thirtieth where it happens again and
     * again.
     */
    private static final int ALONE = 30;
    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static volatile @Nullable Work work;
    private static volatile long aloneSince, alone; // written by whoever holds BUSY
    private static Member @Nullable [] members; // likewise; null until they are needed

    private Team() {}

    /** How many threads there are, the caller's included: {@code -Dautograd.threads}, or one per processor. */
    public static int threads() {
        return THREADS;
    }

    /**
     * Runs every part once, in any order and on any of the threads. What a part throws is thrown here, then some
     * parts may not have run.
     */
    public static void run(int parts, Part part) {
        if (parts < 2 || THREADS == 1 || isAlone() || !BUSY.compareAndSet(false, true)) {
            for (int i = 0; i < parts; i++)
                part.run(i);
            return;
        }
        Work offered = new Work(parts, part);
        try {
            if (members == null)
                members = Member.start(THREADS - 1, Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false)
                        .name("autograd-", 1).factory());
            work = offered;
            Member.wake(members, parts - 1);
            long begin = System.nanoTime();
            while (offered.claim(true));
            long waits = System.nanoTime();
            offered.join();
            judge(System.nanoTime() - waits, (waits - begin) / Math.max(1, offered.front));
        } finally {
            work = null;
            BUSY.set(false);
        }
        offered.rethrow();
    }

    static boolean isAlone() { return alone > 0 && System.nanoTime() - aloneSince < alone; }

    /** After waiting for helpers, where a part took so long: whether to go on without them, and for how long. */
    static void judge(long wait, long part) {
        boolean late = wait > LATE + 2 * part;
        if (late)
            aloneSince = System.nanoTime();
        if (late || alone > 0)
            alone = late ? ALONE * wait : 0;
    }

    /** The parts of one call: who claims, who is done. */
    private static final class Work {
        private final int parts;
        private final Part part;
        private final AtomicInteger claimed = new AtomicInteger(), back = new AtomicInteger(),
                done = new AtomicInteger();
        private int front; // the caller's alone
        private volatile @Nullable Throwable failure;

        Work(int parts, Part part) {
            this.parts = parts;
            this.part = part;
        }

        boolean isTaken() { return claimed.get() >= parts; }

        /**
         * Does one part; false if all are taken. The caller takes the first and helpers the last, so that the same
         * work done again finds in a core's caches what it left there.
         */
        boolean claim(boolean caller) {
            if (isTaken() || claimed.getAndIncrement() >= parts)
                return false;
            int i = caller ? front++ : parts - 1 - back.getAndIncrement();
            try {
                if (failure == null)
                    part.run(i);
            } catch (Throwable t) { // kept for the caller
                failure = t;
            } finally {
                done.getAndIncrement();
            }
            return true;
        }

        void join() {
            long since = System.nanoTime();
            while (done.get() < parts)
                if (System.nanoTime() - since < PATIENCE)
                    Thread.onSpinWait();
                else
                    Thread.yield();
        }

        void rethrow() {
            switch (failure) {
                case null -> {
                }
                case Error e -> throw e;
                case RuntimeException e -> throw e;
                case Throwable t -> throw new AssertionError(t); // a part declares none
            }
        }
    }

    /** A daemon that looks for work: it spins, then sleeps. */
    static final class Member implements Runnable {
        private final Thread thread;
        private volatile boolean asleep;

        private Member(ThreadFactory factory) {
            thread = factory.newThread(this);
            thread.start();
        }

        /** As many as asked for, or as many as the machine lets this process have. */
        static Member[] start(int count, ThreadFactory factory) {
            Member[] started = new Member[count];
            for (int i = 0; i < count; i++)
                try {
                    started[i] = new Member(factory);
                } catch (OutOfMemoryError | RuntimeException e) { // the former where no more threads are allowed
                    System.getLogger(Team.class.getName()).log(System.Logger.Level.WARNING, "computing on " + (i + 1)
                            + " of " + (count + 1) + " threads, because no more could be started: " + e);
                    return Arrays.copyOf(started, i);
                }
            return started;
        }

        /** Wakes as many as are of use. */
        static void wake(Member[] members, int count) {
            for (int i = 0; i < Math.min(count, members.length); i++)
                if (members[i].asleep)
                    LockSupport.unpark(members[i].thread);
        }

        @Override
        public void run() {
            while (true)
                if (!help())
                    rest();
        }

        /** Works as long as there is work. */
        private static boolean help() {
            Work offered = work;
            if (offered == null || !offered.claim(false))
                return false;
            while (offered.claim(false));
            return true;
        }

        private static boolean idle() {
            Work offered = work;
            return offered == null || offered.isTaken();
        }

        private void rest() {
            long since = System.nanoTime();
            while (System.nanoTime() - since < PATIENCE)
                if (idle())
                    Thread.onSpinWait();
                else
                    return;
            asleep = true;
            if (idle())
                LockSupport.park(this);
            asleep = false;
        }
    }
}
