package autograd.nn.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * While this is open and the JVM is asked to end, for example by Ctrl-C, requests a stop and delays the end
 * until this is closed.
 */
final class Shutdown implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Shutdown.class.getName());
    private static final int SECONDS = 30;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    Shutdown(Runnable stop) {
        hook = Thread.ofPlatform().name("autograd-shutdown").unstarted(() -> {
            stop.run();
            await();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void await() {
        try {
            if (!closed.await(SECONDS, TimeUnit.SECONDS))
                LOG.log(System.Logger.Level.WARNING, "a training step took more than {0} s to end; nothing was saved",
                        SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) { // the JVM is already ending
            LOG.log(System.Logger.Level.DEBUG, "training was stopped because the JVM ends", e);
        }
    }
}
