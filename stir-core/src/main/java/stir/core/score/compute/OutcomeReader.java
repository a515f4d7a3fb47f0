package stir.core.score.compute;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Reads what a target makes of each invariant input.
 *
 * @param before its representations of the inputs
 * @param after those of the invariant inputs
 * @param classes the classes that it predicts, if they can be told
 * @param norm of distances between representations
 */
record OutcomeReader(
        Representations before,
        Representations after,
        Optional<PredictedClasses> classes,
        Norm norm) {
    /** Reads the outcomes of so many inputs. */
    InputOutcomes read(int inputs) {
        var outcomes = new ArrayList<InputOutcome>();
        for (int from = 0; from < inputs; from += PairedRepresentations.PART) {
            int[] part =
                    IntStream.range(from, Math.min(from + PairedRepresentations.PART, inputs))
                            .toArray();
            var kept = kept(part);
            var first = classes(classes.map(PredictedClasses::before), part);
            var then = classes(classes.map(PredictedClasses::after), part);
            for (int i = 0; i < part.length; i++) {
                outcomes.add(new InputOutcome(kept[i], first[i], then[i]));
            }
        }
        return new InputOutcomes(outcomes, classes.map(PredictedClasses::layer));
    }

    private OptionalDouble[] kept(int[] inputs) {
        var first = Batch.allocate(inputs.length, before.shape());
        var then = Batch.allocate(inputs.length, after.shape());
        before.read(inputs, first);
        after.read(inputs, then);
        var norms = new double[inputs.length];
        var distances = new double[inputs.length];
        norm.norms(first, norms);
        norm.distances(then, first, distances);
        var kept = new OptionalDouble[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            kept[i] =
                    norms[i] > 0
                            ? OptionalDouble.of(distances[i] / norms[i])
                            : OptionalDouble.empty();
        }
        return kept;
    }

    private static OptionalInt[] classes(Optional<Representations> outputs, int[] inputs) {
        if (outputs.isPresent()) {
            return PredictedClasses.of(outputs.get(), inputs);
        }
        var none = new OptionalInt[inputs.length];
        Arrays.fill(none, OptionalInt.empty());
        return none;
    }
}
