package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.StirException;
import stir.core.extension.PluginActivity;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The start of a plug-in: its constructor, which may do anything, runs in a separate thread and for
 * a limited time. If it ends the process, which can't be prevented, the process reports this and
 * ends with the exit code of a failure.
 *
 * @param activity the observer that receives the call of the constructor
 * @param unit the jar or folder, for messages
 * @param limit the longest permitted time
 */
record PluginStart(PluginActivity activity, String unit, Duration limit) {
    private static final int FAILED = 1;
    private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(1);

    /**
     * Runs a constructor.
     *
     * @param type its class, for messages
     * @throws StirException if the constructor fails or takes too long
     * @throws CancellationException if the thread is interrupted, or the process is ending
     */
    <T> T make(Class<?> type, Callable<T> constructor) {
        var task =
                new FutureTask<>(
                        () -> activity.during(unit + " in its constructor", constructor::call));
        var thread = new Thread(task, "start of " + unit);
        thread.setDaemon(true);
        var hook = new Thread(() -> haltIfProcessEnds(type), "shutdown hook for " + unit);
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            throw interrupted();
        }
        try {
            thread.start();
            T made = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            // A finished task does not check for interruption.
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            return made;
        } catch (TimeoutException e) {
            throw new BackendException(
                    "%s can't be used (%s does not start within %d s): replace or remove it."
                            .formatted(unit, type.getName(), limit.toSeconds()),
                    e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StirException ours) {
                throw ours;
            }
            throw new BackendException(
                    "%s can't be used (%s): replace or remove it."
                            .formatted(unit, PluginCalls.reason(e)),
                    e);
        } catch (InterruptedException e) {
            awaitShutdownHook(thread);
            Thread.currentThread().interrupt();
            throw interrupted();
        } finally {
            removeHook(hook);
        }
    }

    private CancellationException interrupted() {
        return new CancellationException("The start of " + unit + " was interrupted");
    }

    /** Gives the shutdown hook time to report the reason if the process is ending. */
    private static void awaitShutdownHook(Thread start) {
        try {
            start.join(SHUTDOWN_GRACE.toMillis());
        } catch (InterruptedException e) {
            System.getLogger(PluginStart.class.getName())
                    .log(System.Logger.Level.DEBUG, "Interrupted again", e);
        }
    }

    private static void removeHook(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            System.getLogger(PluginStart.class.getName())
                    .log(System.Logger.Level.DEBUG, "The process is ending", e);
        }
    }

    /** Ends the process as failed, unless a signal ends it. */
    private void haltIfProcessEnds(Class<?> type) {
        boolean isExit =
                Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                        .anyMatch("java.lang.Runtime.exit"::equals);
        if (!isExit) {
            return;
        }
        var sentence =
                "%s ends the whole process when it is loaded (%s calls System.exit): remove it.%n"
                        .formatted(unit, type.getName());
        // Logging may already be shut down, so that the message is written directly.
        try (var errors = new FileOutputStream(FileDescriptor.err)) {
            errors.write(sentence.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // There is no other place to report to.
        } finally {
            activity.end();
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
