package stir.core.score.compute;

import stir.api.Matrix;

import java.util.function.BiConsumer;

/**
 * Representations of the same inputs by two networks (or of two sets of inputs), which are computed
 * in parts.
 */
interface RepresentationPairs {
    /** The number of rows. */
    int count();

    /** How many rows in a row are of one input, and so not independent of each other. */
    int rowsOfOneInput();

    /** The width of the first representation. */
    int columnsOfA();

    /** The width of the second representation. */
    int columnsOfB();

    /** What is compared, by all that it depends on but the measures. */
    String what();

    /** Computes the rows of some inputs, in order, and hands them over in parts. */
    void forEachPart(int from, int to, BiConsumer<Matrix, Matrix> part);

    /** The number of inputs. */
    default int inputs() {
        return count() / rowsOfOneInput();
    }

    /** Computes all rows, in order, and hands them over in parts. */
    default void forEachPart(BiConsumer<Matrix, Matrix> part) {
        forEachPart(0, inputs(), part);
    }
}
