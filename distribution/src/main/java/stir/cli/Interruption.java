package stir.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C end the work in order: the working thread is interrupted, and has a while to stop its
 * threads and remove what is half written, before the process ends.
 */
final class Interruption {
    private static final long PATIENCE_SECONDS = 10;

    private final Thread worker;
    private final PrintWriter err;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile boolean requested;

    private Interruption(Thread worker, PrintWriter err) {
        this.worker = worker;
        this.err = err;
    }

    /**
     * A way to interrupt a thread.
     *
     * @param worker the thread that works
     * @param err where the user is told, if the thread does not end in time
     */
    static Interruption of(Thread worker, PrintWriter err) {
        return new Interruption(worker, err);
    }

    /** The work has come to its end: a request does nothing from now on. */
    void finished() {
        finished.countDown();
    }

    boolean isRequested() {
        return requested;
    }

    /** Interrupts the work and waits for its end; called when the process is about to end. */
    void request() {
        if (finished.getCount() == 0) {
            return;
        }
        requested = true;
        worker.interrupt();
        try {
            if (!finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                err.println(
                        "stir: Interrupted in the middle of a long step: what was saved before stays.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
