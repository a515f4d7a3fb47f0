package stir.cli.console;

import stir.core.extension.PluginActivity;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.function.Supplier;

/** A watch that names plug-ins whose calls take long, since they may never return. */
public final class PluginWatch {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private PluginWatch() {}

    /**
     * Starts a thread that watches until the process ends.
     *
     * @param messages the source of the messages that receive a note per plug-in and part of it
     */
    public static void start(PluginActivity plugins, Supplier<Optional<Messages>> messages) {
        var watch = new Thread(() -> look(plugins, messages), "stir-plugins");
        watch.setDaemon(true);
        watch.start();
    }

    private static void look(PluginActivity plugins, Supplier<Optional<Messages>> messages) {
        var named = new HashSet<String>();
        try {
            Thread.sleep(LONG.toMillis()); // no call is older
            while (true) {
                for (var call : plugins.runningFor(LONG)) {
                    if (named.add(call)) {
                        var note =
                                "A call of %s has taken %d s so far; Ctrl-C ends the command."
                                        .formatted(call, LONG.toSeconds());
                        messages.get().ifPresent(found -> found.note(note));
                    }
                }
                Thread.sleep(BETWEEN_LOOKS.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
