package stir.cli.page;

import stir.core.study.StudyScore;

import java.util.List;

/**
 * What a layer scores on the invariant inputs of another.
 *
 * @param reference the index of the layer that was inverted
 * @param target the index of the layer that looked
 * @param run the index of the search's repeat
 * @param found what was found
 */
record ShownScore(int reference, int target, int run, StudyScore found) {
    /** Whether it is of the inversion's invariant inputs. */
    boolean isOf(ShownInversion inversion) {
        return reference == inversion.reference() && run == inversion.run();
    }

    /** How far the target moved at each input that it is known of. */
    List<Double> targetMoved() {
        return found.score().outcomes().inputs().stream()
                .filter(outcome -> outcome.targetMoved().isPresent())
                .map(outcome -> outcome.targetMoved().getAsDouble())
                .toList();
    }
}
