package io.winnow.app.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A command's time between its start and SIGTERM or Ctrl-C: the signal ends {@link #awaitSignal()}, and the process ends
 * only once the command has let go of what it holds.
 */
final class Lifetime implements AutoCloseable {
    private static final long ORDERLY_S = 90;

    private final CountDownLatch signal = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "winnow-signal");

    Lifetime() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        signal.countDown();
        try {
            if (!done.await(ORDERLY_S, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for the signal. */
    void awaitSignal() throws InterruptedException {
        signal.await();
    }

    /** Everything is let go of. */
    @Override
    public void close() {
        done.countDown();
    }
}
