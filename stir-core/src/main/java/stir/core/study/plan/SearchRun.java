package stir.core.study.plan;

import stir.core.inversion.InversionSettings;

/**
 * One of the repeats of a search.
 *
 * @param search the search's name
 * @param repeat the number of the repeat, from 1
 * @param settings the settings with this repeat's seed and key of the random numbers
 * @since 0.1.0
 */
public record SearchRun(String search, int repeat, InversionSettings settings) {
    /** Returns a repeat of a search, with its seed and its key of the random numbers. */
    public static SearchRun of(StudiedSearch search, int repeat) {
        var settings = search.settings();
        var seed = settings.seed();
        return new SearchRun(
                search.name(),
                repeat,
                settings.withSeed(seed.ofRepeat(repeat)).withRngSeed(seed.key(settings.rngSeed(), repeat)));
    }

    /** Returns the text that people read. */
    @Override
    public String toString() {
        return "search %s, repeat %d".formatted(search, repeat);
    }
}
