package stir.core.extension.load;

import stir.api.BackendException;
import stir.api.StirException;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a plug-in's constructor, which may do anything. It has a thread of its own and limited time.
 * If it ends the process (nothing can keep it from that), the process says so and ends with the
 * code of a failure.
 */
final class PluginStart {
    private static final int FAILED = 1;
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final String unit;
    private final Duration limit;

    /**
     * A start.
     *
     * @param unit the jar or folder, for messages
     * @param limit how long it may take
     */
    PluginStart(String unit, Duration limit) {
        this.unit = unit;
        this.limit = limit;
    }

    /**
     * Makes an object.
     *
     * @param type its class
     * @throws StirException if that fails or takes too long
     * @throws CancellationException if the thread is interrupted, or the process is ending
     */
    <T> T make(Class<?> type, PluginCalls.Call<T> constructor) {
        var task = new FutureTask<>(constructor::run);
        var thread = new Thread(task, "start of " + unit);
        thread.setDaemon(true);
        var watch = new Thread(() -> blameIfEnding(type), "watch over " + unit);
        try {
            Runtime.getRuntime().addShutdownHook(watch);
        } catch (IllegalStateException e) {
            throw interrupted();
        }
        try {
            thread.start();
            T made = task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (Thread.currentThread().isInterrupted()) { // which a finished task does not look at
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
            awaitLastWords(thread);
            Thread.currentThread().interrupt();
            throw interrupted();
        } finally {
            unwatch(watch);
        }
    }

    private CancellationException interrupted() {
        return new CancellationException("The start of " + unit + " was interrupted");
    }

    /** If the process is ending, it is the watch that should say why, and nobody else. */
    private static void awaitLastWords(Thread start) {
        try {
            start.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            System.getLogger(PluginStart.class.getName())
                    .log(System.Logger.Level.DEBUG, "Interrupted again", e);
        }
    }

    private static void unwatch(Thread watch) {
        try {
            Runtime.getRuntime().removeShutdownHook(watch);
        } catch (IllegalStateException e) {
            System.getLogger(PluginStart.class.getName())
                    .log(System.Logger.Level.DEBUG, "The process is ending", e);
        }
    }

    /** Ends the process as failed, unless it is a signal that ends it. */
    private void blameIfEnding(Class<?> type) {
        boolean isExit =
                Thread.getAllStackTraces().values().stream()
                        .anyMatch(
                                stack -> {
                                    for (var frame : stack) {
                                        if (frame.getClassName().equals("java.lang.Runtime")
                                                && frame.getMethodName().equals("exit")) {
                                            return true;
                                        }
                                    }
                                    return false;
                                });
        if (!isExit) {
            return;
        }
        var sentence =
                "%s ends the whole process when it is loaded (%s calls System.exit): remove it.%n"
                        .formatted(unit, type.getName());
        // The process is past logging, and its caller past being told otherwise.
        try (var errors = new FileOutputStream(FileDescriptor.err)) {
            errors.write(sentence.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // There is nobody left to tell.
        } finally {
            Runtime.getRuntime().halt(FAILED);
        }
    }
}
