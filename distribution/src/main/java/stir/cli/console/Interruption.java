package stir.cli.console;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import picocli.CommandLine;

/**
 * Orderly end of the work after Ctrl-C or a time limit. The working thread is interrupted and has a
 * little time to stop its threads and remove half-written files. Native code and plug-ins may
 * ignore interrupts, and a pass of a network may take long or never end: in that case the process
 * ends without waiting for it. Saved results are kept, as they are after a kill.
 */
public final class Interruption {
    /**
     * The time that the work has to end. Together with the end of Java it is less than the two
     * seconds that docs/searches.md promises.
     */
    private static final Duration GRACE = Duration.ofMillis(1500);

    private static final Duration LOOK = Duration.ofMillis(250);

    private final Thread worker;
    private final PrintWriter err;
    private final IntConsumer end;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Optional<StopRequest> request = Optional.empty();
    private volatile Optional<CommandLine> command = Optional.empty();

    /**
     * Creates the interruption of a thread.
     *
     * @param worker the thread that works
     * @param err the stream of the message if the thread does not end in time
     * @param end ends the process at once, with an exit code
     */
    public Interruption(Thread worker, PrintWriter err, IntConsumer end) {
        this.worker = worker;
        this.err = err;
        this.end = end;
    }

    /** Records that the work of a command begins, and starts its time limit if it has one. */
    public void begun(CommandLine working) {
        command = Optional.of(working);
        var option = working.getCommandSpec().findOption(TimeLimit.OPTION);
        if (option != null && option.getValue() instanceof Optional<?> value && value.isPresent()) {
            var limit = (TimeLimit) value.get();
            start("stir-timeout", limit.duration(), () -> true, StopRequest.timeout(limit));
        } else if (working.getCommand() instanceof PassLimit.Limited limited) {
            var passes = limited.passes();
            start("stir-passes", passes.limit(), passes::isExceeded, StopRequest.pass(passes));
        }
    }

    /**
     * Starts a thread that asks after a time, and then at intervals, whether the command must stop.
     */
    private void start(String name, Duration first, BooleanSupplier mustStop, StopRequest request) {
        var clock = new Thread(
                () -> {
                    try {
                        for (var wait = first; !isFinishedWithin(wait); wait = LOOK) {
                            if (mustStop.getAsBoolean()) {
                                stop(request);
                                return;
                            }
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        clock.setDaemon(true);
        clock.start();
    }

    /** Records that the work has ended: later requests have no effect. */
    public void finished() {
        finished.countDown();
    }

    /** Returns the request to stop, if there is one. */
    public Optional<StopRequest> request() {
        return request;
    }

    /** Interrupts the work and waits for its end; called when the process is about to end. */
    public void interrupt() {
        try {
            stop(StopRequest.INTERRUPT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(StopRequest asked) throws InterruptedException {
        if (finished.getCount() == 0) {
            return;
        }
        if (isExiting(worker)) { // it waits for this thread, which can't wait for it
            end(StopRequest.EXIT);
            return;
        }
        request = request.or(() -> Optional.of(asked));
        worker.interrupt();
        if (!isFinishedWithin(GRACE)) {
            end(asked.duringStep());
        }
    }

    /** Returns whether a thread has called {@code System.exit}. */
    private static boolean isExiting(Thread thread) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(Runtime.class.getName())
                        && frame.getMethodName().equals("exit"));
    }

    private void end(StopRequest stop) {
        command.ifPresentOrElse(
                working -> {
                    var messages = Messages.of(working);
                    messages.eraseDrawn(); // the display can't: its thread may wait for the work
                    messages.error(stop.sentence(working), stop.code());
                },
                () -> err.println("stir: " + stop.reason() + "."));
        end.accept(stop.code());
    }

    private boolean isFinishedWithin(Duration time) throws InterruptedException {
        return finished.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
