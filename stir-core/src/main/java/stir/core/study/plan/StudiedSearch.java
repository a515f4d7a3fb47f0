package stir.core.study.plan;

import stir.core.inversion.InversionSettings;

/**
 * A search for invariant inputs.
 *
 * @param name its name in results, as {@link StudiedModel#name}
 * @param settings the search settings
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
    }

    /** Returns a search that is named after its optimiser. */
    public static StudiedSearch of(InversionSettings settings) {
        return new StudiedSearch(settings.optimizer().toString(), settings);
    }
}
