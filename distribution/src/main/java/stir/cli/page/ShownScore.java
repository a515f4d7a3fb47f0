package stir.cli.page;

import stir.core.study.StudyScore;

import java.util.List;

/**
 * The score of a layer on the invariant inputs of another.
 *
 * @param reference the index of the layer that was inverted
 * @param target the index of the other layer
 * @param run the index of the search's repeat
 */
record ShownScore(int reference, int target, int run, StudyScore found) {
    /** Returns whether it is of the inversion's invariant inputs. */
    boolean isOf(ShownInversion inversion) {
        return reference == inversion.reference() && run == inversion.run();
    }

    /** Returns the distance that the target moved at each input, where it is known. */
    List<Double> targetMoved() {
        return found.score().outcomes().inputs().stream()
                .filter(outcome -> outcome.targetMoved().isPresent())
                .map(outcome -> outcome.targetMoved().getAsDouble())
                .toList();
    }
}
