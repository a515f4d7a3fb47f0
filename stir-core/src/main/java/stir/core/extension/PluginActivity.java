package stir.core.extension;

import stir.api.Experimental;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of plug-ins that run now. The name of the last call is also in a file, so the parent
 * process can name a plug-in that ends this process. Thread-safe.
 *
 * @since 0.1.0
 */
@Experimental
public final class PluginActivity {
    private static final int LONGEST_NAME = 500;

    private final Map<Thread, Call> running = new ConcurrentHashMap<>();
    private final Optional<Path> file;
    private String last = "";
    private boolean ended;

    /**
     * A call of a plug-in.
     *
     * @param name the jar and the part of it that is called, for people
     * @param began the value of {@link System#nanoTime} when it began
     */
    private record Call(String name, long began) {}

    private PluginActivity(Optional<Path> file) {
        this.file = file;
    }

    /** Returns an activity that is not written into a file. */
    public static PluginActivity inMemory() {
        return new PluginActivity(Optional.empty());
    }

    /**
     * Returns an activity that is written into a new file, until {@link #end}. If the file can't be
     * written, there is none.
     */
    public static PluginActivity in(Path file) {
        var activity = new PluginActivity(Optional.of(file));
        activity.write("");
        return activity;
    }

    /** A call that may throw anything. */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Runs the call. */
        T run() throws E;
    }

    /**
     * Runs a call of a plug-in.
     *
     * @param name the jar and the part of it that is called, for people
     */
    public <T, E extends Exception> T during(String name, Work<T, E> work) throws E {
        var thread = Thread.currentThread();
        var outer = running.put(thread, new Call(name, System.nanoTime()));
        try {
            remember(name);
            return work.run();
        } finally {
            if (outer == null) {
                running.remove(thread);
            } else {
                running.put(thread, outer);
            }
        }
    }

    private synchronized void remember(String name) {
        if (!ended && !last.equals(name)) {
            last = name;
            write(name);
        }
    }

    /** Writes the name and spaces over the name before it. */
    private void write(String name) {
        if (file.isEmpty()) {
            return;
        }
        var line = "%-" + LONGEST_NAME + "s\n";
        try (var out = new RandomAccessFile(file.get().toFile(), "rw")) {
            out.write(line.formatted(name).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            System.getLogger(PluginActivity.class.getName())
                    .log(System.Logger.Level.DEBUG, "Could not write " + file.get(), e);
        }
    }

    /** Returns the names of the calls that have run for at least a given time. */
    public List<String> runningFor(Duration time) {
        long now = System.nanoTime();
        return running.values().stream()
                .filter(call -> now - call.began() >= time.toNanos())
                .map(Call::name)
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the name of the call that a thread runs. */
    public Optional<String> of(Thread thread) {
        return Optional.ofNullable(running.get(thread)).map(Call::name);
    }

    /**
     * Removes the file, because Stir itself now ends the process. Calls that begin later do not
     * write it again. Idempotent.
     */
    public synchronized void end() {
        ended = true;
        try {
            if (file.isPresent()) {
                Files.deleteIfExists(file.get());
            }
        } catch (IOException e) {
            System.getLogger(PluginActivity.class.getName())
                    .log(System.Logger.Level.DEBUG, "Could not remove " + file.get(), e);
        }
    }
}
