package stir.core.score;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/**
 * The answers to the question how much of a target's representation survives the changes that a
 * reference ignores. {@link Judgement} has the rules.
 *
 * @since 0.1.0
 */
public enum Verdict {
    /** The search returned the inputs themselves: the reference ignores no change. */
    NOTHING_TO_IGNORE("=", "the reference distinguishes all inputs"),
    /** The values allow no answer. */
    INCONCLUSIVE("?", "the values allow no answer"),
    /** Clearly less than {@link Judgement#LITTLE} survives, whether or not that is above chance. */
    LITTLE("~", "clearly below " + Judgement.LITTLE),
    /** The target finds X and X' less similar than they are themselves. */
    BELOW_THE_INPUTS("!", "less similar than X and X' themselves, S(X, X')"),
    /** More than by chance survives, and not clearly {@link Judgement#NEARLY_ALL_FROM}. */
    PARTLY("", "above chance, not clearly below " + Judgement.LITTLE + " or above " + Judgement.NEARLY_ALL_FROM),
    /** Clearly more than {@link Judgement#NEARLY_ALL_FROM} survives. */
    NEARLY_ALL("", "clearly above " + Judgement.NEARLY_ALL_FROM);

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

    /** Returns the answer as every output has it: {@code BELOW THE INPUTS}. */
    @JsonValue
    @Override
    public String toString() {
        return name().replace('_', ' ');
    }
}
