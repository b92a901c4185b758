package autograd.kernels.vector.parallel;

import autograd.kernels.settings.Settings;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The threads that share large work. A caller offers numbered tasks, and the caller and the workers claim
 * them one by one. A worker that comes late, or never, costs nothing: the caller does the rest. A worker that
 * loses its processor to another program in the middle of a task keeps the caller waiting; then the caller
 * works alone for a while. A caller that finds the team busy, or calls it from a task, does all of its tasks
 * itself. Workers are daemon threads, started when first needed, and sleep soon after the last work. The team
 * does without workers that cannot be started.
 */
public final class Team {
    /** Runs the task with a number. */
    @FunctionalInterface
    public interface Task {
        void run(int index);
    }

    /**
     * How long a worker spins before it sleeps. From product to product of a training step takes less; waking up,
     * or returning from a yield, takes more.
     */
    private static final long PATIENCE = 1_000_000; // nanoseconds
    private static final int THREADS = Settings.get().threads();
    /** A wait that is longer than this, and twice a usual task, means that a worker has lost its processor. */
    private static final long LATE = 500_000; // nanoseconds
    /** After a wait the caller works alone for this many times as long, so waits cost at most a thirtieth. */
    private static final int ALONE = 30;
    private static final AtomicBoolean BUSY = new AtomicBoolean();
    private static volatile @Nullable Job job;
    private static volatile long aloneSince, alone; // written by the caller that holds BUSY
    private static Worker @Nullable [] workers; // likewise; null until they are needed

    private Team() {}

    /** The number of threads, with the caller: {@code -Dautograd.threads}, or one per processor. */
    public static int threads() {
        return THREADS;
    }

    /**
     * Runs every task once, in any order, on any of the threads. Throws what a task throws; then some tasks may
     * not have run.
     */
    public static void run(int tasks, Task task) {
        if (tasks < 2 || THREADS == 1 || isAlone() || !BUSY.compareAndSet(false, true)) {
            for (int i = 0; i < tasks; i++)
                task.run(i);
            return;
        }
        Job offered = new Job(tasks, task);
        try {
            if (workers == null)
                workers = Worker.start(THREADS - 1, Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false)
                        .name("autograd-", 1).factory());
            job = offered;
            Worker.wake(workers, tasks - 1);
            long begin = System.nanoTime();
            while (offered.claim(true));
            long waits = System.nanoTime();
            offered.join();
            judge(System.nanoTime() - waits, (waits - begin) / Math.max(1, offered.front));
        } finally {
            job = null;
            BUSY.set(false);
        }
        offered.rethrow();
    }

    static boolean isAlone() { return alone > 0 && System.nanoTime() - aloneSince < alone; }

    /** Decides, after a wait for workers, whether to work alone, and for how long. */
    static void judge(long wait, long task) {
        boolean late = wait > LATE + 2 * task;
        if (late)
            aloneSince = System.nanoTime();
        if (late || alone > 0)
            alone = late ? ALONE * wait : 0;
    }

    /** The tasks of one call. */
    private static final class Job {
        private final int tasks;
        private final Task task;
        private final AtomicInteger claimed = new AtomicInteger(), back = new AtomicInteger(),
                done = new AtomicInteger();
        private int front; // used by the caller alone
        private volatile @Nullable Throwable failure;

        Job(int tasks, Task task) {
            this.tasks = tasks;
            this.task = task;
        }

        boolean isTaken() { return claimed.get() >= tasks; }

        /**
         * Does one task; false if all are claimed. The caller takes them from the front and workers from the back, so
         * that the same work finds in the caches of a core what it left there.
         */
        boolean claim(boolean caller) {
            if (isTaken() || claimed.getAndIncrement() >= tasks)
                return false;
            int i = caller ? front++ : tasks - 1 - back.getAndIncrement();
            try {
                if (failure == null)
                    task.run(i);
            } catch (Throwable t) { // thrown by the caller
                failure = t;
            } finally {
                done.getAndIncrement();
            }
            return true;
        }

        void join() {
            long since = System.nanoTime();
            while (done.get() < tasks)
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
                case Throwable t -> throw new AssertionError(t); // a task declares none
            }
        }
    }

    /** A daemon thread that looks for work: it spins, then sleeps. */
    static final class Worker implements Runnable {
        private final Thread thread;
        private volatile boolean asleep;

        private Worker(ThreadFactory factory) {
            thread = factory.newThread(this);
            thread.start();
        }

        /** Starts as many as asked for, or as many as the machine allows. */
        static Worker[] start(int count, ThreadFactory factory) {
            Worker[] started = new Worker[count];
            for (int i = 0; i < count; i++)
                try {
                    started[i] = new Worker(factory);
                } catch (OutOfMemoryError | RuntimeException e) { // the former where no more threads are allowed
                    System.getLogger(Team.class.getName()).log(System.Logger.Level.WARNING, "computing on " + (i + 1)
                            + " of " + (count + 1) + " threads, because no more could be started: " + e);
                    return Arrays.copyOf(started, i);
                }
            return started;
        }

        /** Wakes at most {@code count}. */
        static void wake(Worker[] workers, int count) {
            for (int i = 0; i < Math.min(count, workers.length); i++)
                if (workers[i].asleep)
                    LockSupport.unpark(workers[i].thread);
        }

        @Override
        public void run() {
            while (true)
                if (!help())
                    rest();
        }

        /** Works while there are tasks. */
        private static boolean help() {
            Job offered = job;
            if (offered == null || !offered.claim(false))
                return false;
            while (offered.claim(false));
            return true;
        }

        private static boolean idle() {
            Job offered = job;
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
