package stir.core.study.plan;

import stir.api.Experimental;

import java.util.Locale;

/**
 * The stages of a study. Each needs what the units of those before it have stored.
 *
 * @since 0.1.0
 */
@Experimental
public enum Stage {
    /** Searches for invariant inputs, a range of inputs at a time. */
    SEARCH,
    /** Puts the ranges of a search together. */
    GATHER,
    /** Sums over blocks of many inputs what scores are put together from; few inputs have none. */
    SUM,
    /** Lets targets look at invariant inputs, and scores them. */
    SCORE;

    /** What logs and messages call it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
