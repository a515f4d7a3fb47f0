package stir.core.score.compute;

import java.util.function.BiConsumer;
import stir.api.DataException;
import stir.api.Matrix;
import stir.core.math.statistics.RowsOfInputs;

/** Two representations of each of some inputs, computed in parts. */
interface RepresentationPairs {
    /** Returns the rows of each input, which are not independent of each other. */
    RowsOfInputs rowsOfInputs();

    /** Returns the width of the first representation. */
    int columnsOfA();

    /** Returns the width of the second representation. */
    int columnsOfB();

    /** Computes the rows of the given inputs, in order, and passes them on in parts. */
    void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part);

    /** Returns the number of rows. */
    default int count() {
        return rowsOfInputs().rows();
    }

    /** Returns the number of inputs. */
    default int inputs() {
        return rowsOfInputs().inputs();
    }

    /**
     * As {@link #forEachPart}.
     *
     * @throws DataException if a representation holds NaN or an infinite value
     */
    default void forEachFinitePart(int from, int to, BiConsumer<Matrix, Matrix> part) {
        forEachPart(from, to, (a, b) -> {
            checkFinite(a);
            checkFinite(b);
            part.accept(a, b);
        });
    }

    private static void checkFinite(Matrix matrix) {
        int row = matrix.firstNonFiniteRow();
        if (row >= 0) {
            throw new DataException(
                    "A representation contains NaN or an infinite value (row %d of a part): the model's weights may contain NaN, or its preprocessing may not fit."
                            .formatted(row));
        }
    }
}
