package stir.core.study.plan;

import stir.core.inversion.InversionSettings;

import java.util.Objects;

/**
 * A way to search for invariant inputs.
 *
 * @param name what results call it, written as {@link StudiedModel#name}
 * @param settings how is searched
 * @since 0.1.0
 */
public record StudiedSearch(String name, InversionSettings settings) {
    /**
     * Checks the name.
     *
     * @throws stir.api.UsageException if it can't name a folder
     */
    public StudiedSearch {
        StudiedModel.checkName(name);
        Objects.requireNonNull(settings, "settings");
    }

    /** A search that is named by its optimiser. */
    public static StudiedSearch of(InversionSettings settings) {
        return new StudiedSearch(settings.optimizer().toString(), settings);
    }
}
