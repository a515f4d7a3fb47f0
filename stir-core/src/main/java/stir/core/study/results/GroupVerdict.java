package stir.core.study.results;

import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The answers to the question whether networks of two groups differ more than those of one.
 *
 * @since 0.1.0
 */
public enum GroupVerdict {
    /** Networks of two groups share about as much as networks of one. */
    WITHIN_SPREAD("within the spread of seeds"),
    /** Networks of one group share clearly more than networks of two. */
    MORE_THAN_SEEDS("more than seeds differ"),
    /** Networks of two groups share clearly more than networks of one. */
    LESS_WITHIN("more shared between groups"),
    /** There are too few networks, or scores are missing. */
    UNKNOWN("not known");

    private final String words;

    GroupVerdict(String words) {
        this.words = words;
    }

    /** Returns the answer as every output has it. */
    @JsonValue
    @Override
    public String toString() {
        return words;
    }
}
