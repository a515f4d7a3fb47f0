package stir.core.measure;

import java.util.Arrays;
import java.util.List;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.support.Words;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.PairValues;
import stir.core.math.linalg.RowSource;

/**
 * The dissimilarities of the rows of two inputs within one representation. Equal ones have equal
 * values under the conditions of {@link PairValues}, so that ranks contain ties and no rounding
 * errors.
 */
enum Dissimilarity {
    /** 1 minus Pearson's correlation of the two rows. */
    CORRELATION {
        @Override
        PairValues of(String measure, Matrix matrix, String which) {
            var rows = MappedRows.nearlyCentred(RowSource.of(matrix));
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
            var rows = MappedRows.scaled(RowSource.of(matrix));
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
     * Returns the dissimilarities of all pairs of inputs.
     *
     * @param measure the measure's id, for messages
     * @param which "first" or "second", for messages
     * @throws DataException if it is undefined for a row
     */
    abstract PairValues of(String measure, Matrix matrix, String which);

    /**
     * Returns a dissimilarity with the same order of pairs, for measures that use only ranks:
     * without a final rounding, which makes some pairs equal.
     */
    Dissimilarity inSameOrder() {
        return this;
    }

    private static void refuseEmptyRows(MappedRows rows, String measure, String which, String problem) {
        var row = rows.empty().findFirst();
        if (row.isPresent()) {
            throw emptyRow(measure, row.getAsInt(), which, problem);
        }
    }

    /** Returns the error for a row without a direction. */
    static DataException emptyRow(String measure, int row, String which, String problem) {
        return new DataException(
                "'%s' is not defined, because row %d of the %s representation %s: leave that input out, or choose a measure or parameter that compares Euclidean distances."
                        .formatted(measure, row, which, problem));
    }

    /** Returns the option value, such as {@code squared-euclidean}. */
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
