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
    NOTHING_TO_IGNORE("=", "the reference distinguishes all inputs"),
    /** The values allow no answer. */
    INCONCLUSIVE("?", "the values allow no answer"),
    /** The target shares at most {@link Judgement#LITTLE} of what could be shared. */
    NO_MORE_THAN_CHANCE("~", "at most a quarter of what could be shared"),
    /** The target shares no more than a network that ignores nothing. */
    NO_MORE_THAN_INPUTS("!", "less similar than X and X' themselves, S(X, X')"),
    /** The target shares a part, and not clearly {@link Judgement#NEARLY_ALL_FROM} of it. */
    PARTLY("", "more than chance, and not clearly above " + Judgement.NEARLY_ALL_FROM + " of what could be shared"),
    /** The target shares more than {@link Judgement#NEARLY_ALL_FROM} of what could be shared. */
    NEARLY_ALL("", "clearly above " + Judgement.NEARLY_ALL_FROM + " of what could be shared");

    /** The deciding measure, if a comparison includes it. */
    private static final String DEBIASED = "linear-cka-debiased";

    private final String mark;
    private final String meaning;

    Verdict(String mark, String meaning) {
        this.mark = mark;
        this.meaning = meaning;
    }

    /** Returns the mark of a value in matrices; empty if the value stands for itself. */
    public String mark() {
        return mark;
    }

    /**
     * Returns the meaning, a clause without a full stop. {@link Judgement#rules} has the exact
     * conditions.
     */
    public String meaning() {
        return meaning;
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
