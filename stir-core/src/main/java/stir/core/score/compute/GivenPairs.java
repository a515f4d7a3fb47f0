package stir.core.score.compute;

import stir.api.Matrix;
import stir.core.math.statistics.RowsOfInputs;

import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** Two matrices in memory, with one row per input. */
record GivenPairs(Matrix a, Matrix b) implements RepresentationPairs {
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
    public String what() {
        return "matrices";
    }

    @Override
    public void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part) {
        if (from == 0 && to == a.rows()) {
            part.accept(a, b);
        } else {
            var rows = IntStream.range(from, to).toArray();
            part.accept(a.select(rows), b.select(rows));
        }
    }
}
