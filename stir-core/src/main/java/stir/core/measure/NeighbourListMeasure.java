package stir.core.measure;

import stir.api.Matrix;
import stir.api.Scale;

/**
 * A measure of the two lists of an input's nearest neighbours, one per representation; the mean
 * over the inputs. From 0 to 1. See {@link NeighbourMeasure}.
 */
class NeighbourListMeasure extends NeighbourMeasure {
    private final RowValue value;
    private final Dissimilarity metric;

    /** The value of one input. */
    @FunctionalInterface
    interface RowValue {
        /**
         * Returns the value of an input.
         *
         * @param first its neighbours in the first representation, the nearest first
         * @param second its neighbours in the second representation, as many
         */
        double of(int[] first, int[] second);
    }

    NeighbourListMeasure(String id, String description, RowValue value) {
        this(id, description, value, K_AND_METRIC);
    }

    private NeighbourListMeasure(
            String id, String description, RowValue value, Parameters parameters) {
        super(
                id,
                description,
                Scale.UNIT,
                parameters,
                changed -> new NeighbourListMeasure(id, description, value, changed));
        this.value = value;
        metric = Dissimilarity.named(parameters.choice("metric"));
    }

    @Override
    final double value(Matrix a, Matrix b) {
        var first = neighbours(metric.inSameOrder().of(id(), a, "first"));
        var second = neighbours(metric.inSameOrder().of(id(), b, "second"));
        double sum = 0;
        for (int i = 0; i < first.length; i++) {
            sum += value.of(first[i], second[i]);
        }
        return sum / first.length;
    }
}
