package stir.core.score.compute;

import java.util.function.BiConsumer;
import stir.api.Matrix;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.representation.MatrixRows;

/** The rows of two matrices, one per input. */
record GivenPairs(MatrixRows a, MatrixRows b) implements RepresentationPairs {
    /** The most values of a file that are read at a time. */
    private static final int PART = 1 << 22;

    GivenPairs(Matrix a, Matrix b) {
        this(MatrixRows.of(a), MatrixRows.of(b));
    }

    @Override
    public RowsOfInputs rowsOfInputs() {
        return RowsOfInputs.alike(a.rows(), 1);
    }

    @Override
    public int columnsOfA() {
        return a.columns();
    }

    @Override
    public int columnsOfB() {
        return b.columns();
    }

    @Override
    public void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part) {
        boolean isInMemory = a.isInMemory() && b.isInMemory();
        int rows = isInMemory ? to - from : Math.max(1, PART / Math.max(a.columns(), b.columns()));
        for (int start = from; start < to; start += rows) {
            int end = Math.min(to, start + rows);
            part.accept(a.read(start, end), b.read(start, end));
        }
    }
}
