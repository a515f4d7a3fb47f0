package stir.core.study.plan;

import stir.api.Refusal;

/**
 * Something that is wrong with an experiment.
 *
 * @param place the place of the problem: {@code file:line}, or the part of an experiment that came
 *     from no file, for example {@code models[1].layers[0]}
 * @param refusal the problem and its solution
 * @since 0.1.0
 */
public record Problem(String place, Refusal refusal) {
    /** Creates a problem without remedies. */
    public Problem(String place, String sentence) {
        this(place, new Refusal(sentence));
    }

    /** Returns the problem and its solution as a sentence. */
    public String sentence() {
        return refusal.sentence();
    }

    /** Returns the place and the sentence on one line, as compilers write them. */
    @Override
    public String toString() {
        return (place + ": " + sentence()).replaceAll("\\R", " ");
    }
}
