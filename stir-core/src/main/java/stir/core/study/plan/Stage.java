package stir.core.study.plan;

import java.util.Locale;
import stir.api.Experimental;

/**
 * The stages of a study. Each needs the results of those before it.
 *
 * @since 0.1.0
 */
@Experimental
public enum Stage {
    /** Searches for invariant inputs, a range of inputs at a time. */
    SEARCH,
    /** Merges the ranges of a search. */
    GATHER,
    /** Scores targets on the invariant inputs. */
    SCORE;

    /** Returns the name in logs and messages. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
