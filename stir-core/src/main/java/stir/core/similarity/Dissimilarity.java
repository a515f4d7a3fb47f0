package stir.core.similarity;

import stir.api.DataException;
import stir.api.Matrix;
import stir.api.support.Words;
import stir.core.linalg.AffineRows;
import stir.core.linalg.PairValues;
import stir.core.linalg.RowSource;

import java.util.Arrays;
import java.util.List;

/**
 * How far apart the rows of two inputs are within one representation. Equal ones come out equal
 * where {@link PairValues} says so: what ranks them then sees ties and no rounding errors.
 */
enum Dissimilarity {
    /** 1 minus Pearson's correlation of the two rows. */
    CORRELATION {
        @Override
        PairValues of(String measure, Matrix matrix, String which) {
            var rows = AffineRows.nearlyCentred(RowSource.of(matrix));
            refuseEmptyRows(rows, measure, which, "has the same value for every feature");
            return PairValues.correlationDistances(rows);
        }
    },
    /** Euclidean distance. */
    EUCLIDEAN {
        @Override
        PairValues of(String measure, Matrix matrix, String which) {
            return SQUARED_EUCLIDEAN.of(measure, matrix, which).map(Math::sqrt);
        }

        @Override
        Dissimilarity inSameOrder() {
            return SQUARED_EUCLIDEAN;
        }
    },
    /** The square of the Euclidean distance. */
    SQUARED_EUCLIDEAN {
        @Override
        PairValues of(String measure, Matrix matrix, String which) {
            return PairValues.squaredDistances(RowSource.of(matrix));
        }
    },
    /** 1 minus the cosine of the angle between the two rows. */
    COSINE {
        @Override
        PairValues of(String measure, Matrix matrix, String which) {
            var rows = AffineRows.scaled(RowSource.of(matrix));
            refuseEmptyRows(rows, measure, which, "is zero");
            return PairValues.cosineDistances(rows);
        }
    },
    /** Minus the dot product of the two rows. */
    INNER_PRODUCT {
        @Override
        PairValues of(String measure, Matrix matrix, String which) {
            return PairValues.dots(RowSource.of(matrix)).map(product -> -product);
        }
    };

    /**
     * The dissimilarities of all pairs of inputs.
     *
     * @param measure the measure's id, for messages
     * @param which "first" or "second", for messages
     * @throws DataException if it is not defined for a row
     */
    abstract PairValues of(String measure, Matrix matrix, String which);

    /**
     * A dissimilarity that puts all pairs in the same order, for whoever only ranks them: without a
     * last rounding that makes some of them equal.
     */
    Dissimilarity inSameOrder() {
        return this;
    }

    private static void refuseEmptyRows(
            AffineRows rows, String measure, String which, String whatIsWrong) {
        int row = rows.firstEmptyRow();
        if (row >= 0) {
            throw emptyRow(measure, row, which, whatIsWrong);
        }
    }

    /** That a row has no direction. */
    static DataException emptyRow(String measure, int row, String which, String whatIsWrong) {
        return new DataException(
                "'%s' is not defined: row %d of the %s representation %s; leave that input out, or choose a measure or parameter that compares Euclidean distances."
                        .formatted(measure, row, which, whatIsWrong));
    }

    /** What users write. */
    String word() {
        return Words.of(this);
    }

    static List<String> words(Dissimilarity... some) {
        return Arrays.stream(some).map(Dissimilarity::word).toList();
    }

    static Dissimilarity named(String word) {
        return Words.parse(Dissimilarity.class, "dissimilarity", word);
    }
}
