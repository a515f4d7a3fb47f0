package stir.core.study.plan;

import stir.api.Refusal;

/**
 * Something that is wrong with an experiment.
 *
 * @param place where: {@code file:line}, or what is wrong in an experiment that came from no file,
 *     for example {@code models[1].layers[0]}
 * @param refusal what is wrong and what to do
 * @since 0.1.0
 */
public record Problem(String place, Refusal refusal) {
    /** Creates a problem without remedies. */
    public Problem(String place, String sentence) {
        this(place, new Refusal(sentence));
    }

    /** Returns what is wrong and what to do, in words. */
    public String sentence() {
        return refusal.sentence();
    }

    /** Returns the place and the sentence, as compilers write them. */
    @Override
    public String toString() {
        return place + ": " + sentence();
    }
}
