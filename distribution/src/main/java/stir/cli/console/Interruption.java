package stir.cli.console;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Orderly end of the work after Ctrl-C or a time limit. The working thread is interrupted and has
 * ten seconds to stop its threads and remove half-written files. Native code ignores interrupts,
 * and a pass of a network may take long or never end: in that case the process ends without waiting
 * for it. Saved results are kept, as they are after a kill.
 */
public final class Interruption {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);

    /** Ten seconds. */
    private static final int LOOKS = 40;

    private static final int LOOKS_WITHIN_NATIVE_CODE = 4;

    private final Thread worker;
    private final PrintWriter err;
    private final IntConsumer end;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Optional<StopRequest> request = Optional.empty();
    private volatile Optional<CommandLine> command = Optional.empty();

    private Interruption(Thread worker, PrintWriter err, IntConsumer end) {
        this.worker = worker;
        this.err = err;
        this.end = end;
    }

    /**
     * Returns the interruption of a thread.
     *
     * @param worker the thread that works
     * @param err the stream of the message if the thread does not end in time
     * @param end ends the process at once, with an exit code
     */
    public static Interruption of(Thread worker, PrintWriter err, IntConsumer end) {
        return new Interruption(worker, err, end);
    }

    /** Records that the work of a command begins, and starts its time limit if it has one. */
    public void begun(CommandLine working) {
        command = Optional.of(working);
        var option = working.getCommandSpec().findOption(TimeLimit.OPTION);
        if (option != null && option.getValue() instanceof Optional<?> value) {
            value.ifPresent(limit -> start((TimeLimit) limit));
        }
    }

    private void start(TimeLimit limit) {
        var clock =
                new Thread(
                        () -> {
                            try {
                                if (!isFinishedWithin(limit.duration())) {
                                    stop(StopRequest.timeout(limit));
                                }
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        },
                        "stir-timeout");
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
        request = request.or(() -> Optional.of(asked));
        worker.interrupt();
        int within = 0;
        for (int look = 0; look < LOOKS && within < LOOKS_WITHIN_NATIVE_CODE; look++) {
            if (isFinishedWithin(BETWEEN_LOOKS)) {
                return;
            }
            within = isInNativeCode() ? within + 1 : 0;
        }
        var stop = asked.inTheMiddle();
        command.ifPresentOrElse(
                working -> Messages.of(working).error(stop.sentence(working), asked.code()),
                () -> err.println("stir: " + stop.reason() + "."));
        end.accept(asked.code());
    }

    private boolean isFinishedWithin(Duration time) throws InterruptedException {
        return finished.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Returns whether a thread runs native code other than Java's own, in which idle threads wait.
     */
    private static boolean isInNativeCode() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack -> stack.length > 0)
                .map(stack -> stack[0])
                .anyMatch(
                        frame ->
                                frame.isNativeMethod()
                                        && !String.valueOf(frame.getModuleName())
                                                .startsWith("java."));
    }
}
