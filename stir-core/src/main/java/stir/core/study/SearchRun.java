package stir.core.study;

import stir.core.inversion.InversionSettings;

import java.nio.file.Path;
import java.util.Objects;

/**
 * One of the repeats of a search.
 *
 * @param search the search
 * @param repeat from 1
 */
record SearchRun(StudiedSearch search, int repeat) {
    SearchRun {
        Objects.requireNonNull(search, "search");
    }

    /** The search's settings with this repeat's key of the random numbers. */
    InversionSettings settings() {
        var settings = search.settings();
        return settings.withRngSeed(settings.rngSeed() + repeat - 1);
    }

    /** The place of what belongs to it. */
    Path file(Path folder, String ending) {
        return folder.resolve(search.name()).resolve("repeat-" + repeat + ending);
    }

    @Override
    public String toString() {
        return "search %s, repeat %d".formatted(search.name(), repeat);
    }
}
