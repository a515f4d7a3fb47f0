package stir.core.measure;

import java.util.function.ToDoubleFunction;
import stir.api.Matrix;
import stir.api.SimilarityMeasure.MergingAccumulator;
import stir.core.math.linalg.RowSums;

/** A measure that is a function of sums over rows. */
record SummedRows<S extends RowSums>(S sums, ToDoubleFunction<S> measure) implements MergingAccumulator {
    @Override
    public void add(Matrix a, Matrix b) {
        sums.add(a, b);
    }

    @Override
    public void merge(MergingAccumulator following) {
        sums.merge(((SummedRows<?>) following).sums);
    }

    @Override
    public double value() {
        return measure.applyAsDouble(sums);
    }
}
