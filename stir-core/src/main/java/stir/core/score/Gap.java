package stir.core.score;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A reason why a score is {@linkplain Verdict#INCONCLUSIVE inconclusive}. The constants are in the
 * order in which {@link Judgement} checks them.
 *
 * @since 0.1.0
 */
public enum Gap {
    /** STIR, its ceiling, the permutation floor, an interval or the p-value is undefined. */
    UNDEFINED("a value or an interval is undefined"),
    /** Fewer than {@link Judgement#FEWEST} of the invariant inputs are accepted. */
    FEW_ACCEPTED("too few searches found an accepted input"),
    /** The ceiling is not clearly above the floor. */
    LOW_CEILING("the ceiling is not clearly above the floor"),
    /** The interval of STIR is not clearly above the similarity of the inputs themselves. */
    NEAR_INPUTS("not clearly more similar than X and X' themselves, S(X, X')"),
    /** The corrected interval is too wide for an answer, or its score is not above chance. */
    WIDE_INTERVAL("the interval includes both chance and 0.25");

    private final String problem;

    Gap(String problem) {
        this.problem = problem;
    }

    /** Returns the problem, for counts of many scores: a sentence without a full stop. */
    public String problem() {
        return problem;
    }

    /**
     * Returns whether statements about several scores leave out a score with this gap. A score with
     * a wide interval is a valid value: a mean of several has an interval of its own, and leaving
     * out uncertain values would select by value.
     */
    public boolean isLeftOut() {
        return this != WIDE_INTERVAL;
    }

    /** Returns the name in documents: {@code few_accepted}. */
    @JsonValue
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
