package stir.core.measure;

import java.util.function.ToDoubleBiFunction;
import stir.api.Matrix;
import stir.api.Scale;

/**
 * A measure of the two lists of an input's nearest neighbours, one per representation; the mean
 * over the inputs. From 0 to 1. See {@link NeighbourMeasure}.
 */
class NeighbourListMeasure extends NeighbourMeasure {
    private final ToDoubleBiFunction<int[], int[]> value;
    private final Dissimilarity metric;

    /**
     * Creates a measure.
     *
     * @param value the value of an input, computed from its neighbours in the first and in the
     *     second representation, two lists of equal length, the nearest first
     */
    NeighbourListMeasure(String id, String description, ToDoubleBiFunction<int[], int[]> value) {
        this(id, description, value, K_AND_METRIC);
    }

    private NeighbourListMeasure(
            String id, String description, ToDoubleBiFunction<int[], int[]> value, Parameters parameters) {
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
            sum += value.applyAsDouble(first[i], second[i]);
        }
        return sum / first.length;
    }
}
