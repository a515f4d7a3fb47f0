package stir.core.internal;

import stir.api.Batch;
import stir.api.Matrix;

import java.util.function.BiConsumer;

/** Two networks' representations of two sets of rows, computed in parts of a batch. */
record NetworkPairs(HookedNetwork a, Rows rowsOfA, HookedNetwork b, Rows rowsOfB, int count)
        implements RepresentationPairs {
    @Override
    public int columnsOfA() {
        return a.representationShape().size();
    }

    @Override
    public int columnsOfB() {
        return b.representationShape().size();
    }

    @Override
    public void forEachPart(BiConsumer<Matrix, Matrix> part) {
        int size = Math.min(a.batchSize(), b.batchSize());
        for (int from = 0; from < count; from += size) {
            int rows = Math.min(size, count - from);
            var first = Batch.allocate(rows, a.representationShape());
            var second = Batch.allocate(rows, b.representationShape());
            a.represent(rowsOfA, from, first);
            b.represent(rowsOfB, from, second);
            part.accept(Matrix.of(first), Matrix.of(second));
        }
    }
}
