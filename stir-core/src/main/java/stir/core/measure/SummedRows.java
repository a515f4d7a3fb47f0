package stir.core.measure;

import stir.api.Matrix;
import stir.api.SimilarityMeasure.MergingAccumulator;
import stir.core.math.linalg.RowSums;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.ToDoubleFunction;

/** A measure that is a function of sums over rows. */
record SummedRows<S extends RowSums>(S sums, ToDoubleFunction<S> measure)
        implements MergingAccumulator {
    @Override
    public void add(Matrix a, Matrix b) {
        sums.add(a, b);
    }

    @Override
    public void writeTo(DataOutputStream out) throws IOException {
        sums.writeTo(out);
    }

    @Override
    public void merge(DataInputStream in) throws IOException {
        sums.merge(in);
    }

    @Override
    public double value() {
        return measure.applyAsDouble(sums);
    }
}
