package stir.core.score;

import com.fasterxml.jackson.annotation.JsonValue;

import java.util.List;

/**
 * The answers to the question whether a target ignores what a reference ignores. {@link Judgement}
 * has the rules.
 *
 * @since 0.1.0
 */
public enum Verdict {
    /** The search returned the inputs themselves: the reference has no invariance to share. */
    NOTHING_TO_IGNORE("="),
    /** The values allow no answer. */
    INCONCLUSIVE("?"),
    /** The target shares at most {@link Judgement#LITTLE} of what could be shared. */
    NO_MORE_THAN_CHANCE("~"),
    /** The target shares no more than a network that ignores nothing. */
    NO_MORE_THAN_INPUTS("!"),
    /** The target shares a part, and not clearly {@link Judgement#NEARLY_ALL_FROM} of it. */
    PARTLY(""),
    /** The target shares more than {@link Judgement#NEARLY_ALL_FROM} of what could be shared. */
    NEARLY_ALL("");

    /** The deciding measure, if a comparison includes it. */
    private static final String DEBIASED = "linear-cka-debiased";

    private final String mark;

    Verdict(String mark) {
        this.mark = mark;
    }

    /** Returns the mark of a value in matrices; empty if the value stands for itself. */
    public String mark() {
        return mark;
    }

    /** Returns the measure that decides: the debiased one if it is present, otherwise the first. */
    public static String measure(List<String> measures) {
        return measures.contains(DEBIASED) ? DEBIASED : measures.get(0);
    }

    /** Returns whether the question was answered. */
    public boolean isKnown() {
        return this != NOTHING_TO_IGNORE && this != INCONCLUSIVE;
    }

    /** Returns the answer as every output has it: {@code NO MORE THAN CHANCE}. */
    @JsonValue
    @Override
    public String toString() {
        return name().replace('_', ' ');
    }
}
