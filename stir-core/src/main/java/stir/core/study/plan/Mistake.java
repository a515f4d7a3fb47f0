package stir.core.study.plan;

import java.util.Objects;

/**
 * Something that is wrong with an experiment.
 *
 * @param place where: {@code file:line}, or what is wrong in an experiment that came from no file,
 *     for example {@code models[1].layers[0]}
 * @param sentence what is wrong and what to do
 * @since 0.1.0
 */
public record Mistake(String place, String sentence) {
    /** Checks that nothing is missing. */
    public Mistake {
        Objects.requireNonNull(place, "place");
        Objects.requireNonNull(sentence, "sentence");
    }

    /** Both, as compilers write it. */
    @Override
    public String toString() {
        return place + ": " + sentence;
    }
}
