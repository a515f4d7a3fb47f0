package stir.core.study;

import stir.api.StirException;
import stir.core.study.plan.Mistake;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tries what may show a mistake of an experiment, so that one mistake does not hide the next.
 *
 * @param mistakes receives what is wrong
 */
record Attempts(List<Mistake> mistakes) {
    /** What was made; empty where there is a mistake at the place. */
    <T> Optional<T> make(String place, Supplier<T> attempt) {
        try {
            return Optional.of(attempt.get());
        } catch (StirException e) {
            mistakes.add(new Mistake(place, e.refusal()));
            return Optional.empty();
        }
    }
}
