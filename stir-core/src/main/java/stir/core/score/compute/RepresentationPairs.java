package stir.core.score.compute;

import stir.api.DataException;
import stir.api.Matrix;

import java.util.function.BiConsumer;

/** Two representations of each of some inputs, computed in parts, with a fixed number of rows. */
interface RepresentationPairs {
    /** Returns the number of rows. */
    int count();

    /** Returns the consecutive rows per input, which are not independent of each other. */
    int rowsOfOneInput();

    /** Returns the width of the first representation. */
    int columnsOfA();

    /** Returns the width of the second representation. */
    int columnsOfB();

    /** Returns a key of all that the pairs depend on. */
    String what();

    /** Computes the rows of some inputs, in order, and passes them on in parts. */
    void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part);

    /** Returns the number of inputs. */
    default int inputs() {
        return count() / rowsOfOneInput();
    }

    /**
     * As {@link #forEachPart}.
     *
     * @throws DataException if a representation holds NaN or an infinite value
     */
    default void forEachFinitePart(int from, int to, BiConsumer<Matrix, Matrix> part) {
        forEachPart(
                from,
                to,
                (a, b) -> {
                    checkFinite(a);
                    checkFinite(b);
                    part.accept(a, b);
                });
    }

    private static void checkFinite(Matrix matrix) {
        int row = matrix.firstNonFiniteRow();
        if (row >= 0) {
            throw new DataException(
                    "A representation holds NaN or an infinite value (row %d of a part): the model's weights may hold NaN, or its preprocessing may not fit."
                            .formatted(row));
        }
    }
}
