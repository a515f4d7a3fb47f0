package stir.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The places, besides the module or class path, from which Stir loads backends, measures and terms.
 * Immutable: each {@code with} method returns a copy.
 *
 * @param home a folder with {@code backends/NAME/*.jar}, which load when they are first asked for,
 *     and {@code plugins/*.jar}; either may be missing; empty for none
 * @param plugins additional plug-in folders, which follow those of the environment
 * @param cache a folder that backends may unpack native libraries into, which may not exist yet;
 *     empty for the folder in {@code STIR_CACHE}, or else the user's cache
 * @param warnings receives a sentence per jar, class or folder that can't be used, on the thread
 *     that loads it
 * @since 0.1.0
 */
public record LoadOptions(Optional<Path> home, List<Path> plugins, Optional<Path> cache, Consumer<String> warnings) {
    /** The default: the module or class path, and the places that the environment names. */
    public static final LoadOptions DEFAULT =
            new LoadOptions(Optional.empty(), List.of(), Optional.empty(), text -> {});

    /** Copies the folders, and rejects null. */
    public LoadOptions {
        Objects.requireNonNull(home, "home");
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(warnings, "warnings");
        plugins = List.copyOf(plugins);
    }

    /** Returns a copy with a folder that contains backends and plug-ins. */
    public LoadOptions withHome(Path other) {
        return new LoadOptions(Optional.of(other), plugins, cache, warnings);
    }

    /** Returns a copy with other plug-in folders. */
    public LoadOptions withPlugins(List<Path> others) {
        return new LoadOptions(home, others, cache, warnings);
    }

    /** Returns a copy with another folder for native libraries. */
    public LoadOptions withCache(Path other) {
        return new LoadOptions(home, plugins, Optional.of(other), warnings);
    }

    /** Returns a copy with a listener for problems, which {@link Stir#extensions} lists, too. */
    public LoadOptions withWarnings(Consumer<String> other) {
        return new LoadOptions(home, plugins, cache, other);
    }
}
