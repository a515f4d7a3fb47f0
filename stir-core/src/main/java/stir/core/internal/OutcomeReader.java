package stir.core.internal;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.core.InputOutcome;
import stir.core.InputOutcomes;
import stir.core.inputs.Inputs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** Reads what a target makes of each invariant input. */
final class OutcomeReader {
    private final HookedNetwork target;
    private final Inputs inputs;
    private final Rows invariant;
    private final Norm norm;

    /**
     * A reader.
     *
     * @param target the network that did not find the invariant inputs
     * @param inputs the inputs
     * @param invariant the invariant input of each
     * @param norm of distances between representations
     */
    OutcomeReader(HookedNetwork target, Inputs inputs, Rows invariant, Norm norm) {
        this.target = target;
        this.inputs = inputs;
        this.invariant = invariant;
        this.norm = norm;
    }

    /**
     * Reads all outcomes.
     *
     * @param cautions told if the network can't be asked for classes
     */
    InputOutcomes read(Consumer<String> cautions) {
        Optional<Classifier> opened = Optional.empty();
        try {
            opened = Classifier.of(target, inputs.shape());
        } catch (DataException e) {
            cautions.accept(
                    "Whether the classes of %s stayed the same can't be told: %s"
                            .formatted(target.network().name(), e.getMessage()));
        }
        if (opened.isEmpty()) {
            return new InputOutcomes(outcomes(Optional.empty()), Optional.empty());
        }
        try (var classifier = opened.get()) {
            return new InputOutcomes(
                    outcomes(Optional.of(classifier)), Optional.of(classifier.layer()));
        }
    }

    private List<InputOutcome> outcomes(Optional<Classifier> classifier) {
        var outcomes = new ArrayList<InputOutcome>();
        int size = target.batchSize();
        for (int from = 0; from < inputs.count(); from += size) {
            int count = Math.min(size, inputs.count() - from);
            var kept = kept(from, count);
            var before = classes(classifier, inputs::read, from, count);
            var after = classes(classifier, invariant, from, count);
            for (int i = 0; i < count; i++) {
                outcomes.add(new InputOutcome(kept[i], before[i], after[i]));
            }
        }
        return outcomes;
    }

    private OptionalDouble[] kept(int from, int count) {
        var before = Batch.allocate(count, target.representationShape());
        var after = Batch.allocate(count, target.representationShape());
        target.represent(inputs::read, from, before);
        target.represent(invariant, from, after);
        var norms = new double[count];
        var distances = new double[count];
        norm.norms(before, norms);
        norm.distances(after, before, distances);
        var kept = new OptionalDouble[count];
        for (int i = 0; i < count; i++) {
            kept[i] =
                    norms[i] > 0
                            ? OptionalDouble.of(distances[i] / norms[i])
                            : OptionalDouble.empty();
        }
        return kept;
    }

    private static OptionalInt[] classes(
            Optional<Classifier> classifier, Rows rows, int from, int count) {
        if (classifier.isPresent()) {
            return classifier.get().predict(rows, from, count);
        }
        var none = new OptionalInt[count];
        Arrays.fill(none, OptionalInt.empty());
        return none;
    }
}
