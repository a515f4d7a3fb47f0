package stir.core.linalg;

import stir.api.DataException;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * A value for every pair of rows of a matrix: the part above the diagonal of a symmetric matrix,
 * row after row. Half the memory of the whole.
 */
public final class PairValues {
    private static final int MOST_ROWS = 65_536;

    private final int size;
    private final double[] values;

    private PairValues(int size) {
        if (size > MOST_ROWS) {
            throw new DataException(
                    "A measure of pairs of inputs takes at most %d inputs, but there are %d: take fewer."
                            .formatted(MOST_ROWS, size));
        }
        this.size = size;
        this.values = new double[(int) ((long) size * (size - 1) / 2)];
    }

    /** The dot products of all pairs of rows. */
    public static PairValues dots(RowSource x) {
        var pairs = new PairValues(x.rows());
        pairs.fill(x, new double[x.rows()]);
        return pairs;
    }

    /** The squared Euclidean distances of all pairs of rows; 0 for equal rows. */
    public static PairValues squaredDistances(RowSource x) {
        var pairs = new PairValues(x.rows());
        var squares = new double[x.rows()];
        pairs.fill(x, squares);
        for (int i = 0, at = 0; i < pairs.size; i++) {
            for (int j = i + 1; j < pairs.size; j++, at++) {
                pairs.values[at] = Math.max(0, squares[i] + squares[j] - 2 * pairs.values[at]);
            }
        }
        return pairs;
    }

    /**
     * Fills in the products. The squares of the rows are summed in the same order as the products,
     * so that the distance of equal rows is exactly 0.
     */
    private void fill(RowSource x, double[] squares) {
        var left = Tile.Factor.rowsOf(x);
        var right = Tile.Factor.columnsOf(x);
        Tile.grid(size, size, true)
                .forEach(
                        place -> {
                            var tile = Tile.ofSymmetric(left, right, place);
                            for (int i = 0; i < tile.rows(); i++) {
                                int row = place.row() + i;
                                int first = Math.max(0, row + 1 - place.column());
                                int count = tile.columns() - first;
                                if (count > 0) {
                                    tile.copyRow(
                                            i,
                                            first,
                                            count,
                                            values,
                                            index(row, place.column() + first));
                                }
                                if (place.row() == place.column()) {
                                    squares[row] = tile.get(i, i);
                                }
                            }
                        });
    }

    private int index(int i, int j) {
        return (int) ((long) i * (2L * size - i - 1) / 2) + j - i - 1;
    }

    /** The number of rows of which there are pairs. */
    public int size() {
        return size;
    }

    /** All values, shared: the pairs (0,1), (0,2), ... (1,2), ... */
    public double[] values() {
        return values;
    }

    /** The value of a pair of two different rows. */
    public double get(int i, int j) {
        return values[i < j ? index(i, j) : index(j, i)];
    }

    /** Replaces each value by a function of it, and returns these. */
    public PairValues map(DoubleUnaryOperator function) {
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsDouble(values[i]);
        }
        return this;
    }

    private double[] rowSums() {
        var sums = new double[size];
        for (int i = 0, at = 0; i < size; i++) {
            for (int j = i + 1; j < size; j++, at++) {
                sums[i] += values[at];
                sums[j] += values[at];
            }
        }
        return sums;
    }

    /**
     * The dot product of two symmetric matrices with a diagonal of zeros, after the means of their
     * rows and columns have been taken away: {@code <HAH, HBH>}, H the centring matrix. Centred
     * value by value, since a formula of sums would cancel.
     */
    public double centredDot(PairValues other) {
        var ours = Margins.biased(rowSums());
        var theirs = Margins.biased(other.rowSums());
        double diagonal = 0;
        for (int i = 0; i < size; i++) {
            diagonal += ours.centre(0, i, i) * theirs.centre(0, i, i);
        }
        return 2 * offDiagonal(other, ours, theirs) + diagonal;
    }

    /**
     * The dot product after U-centring (Szekely and Rizzo 2014, Partial distance correlation with
     * methods for dissimilarities): divided by n (n - 3) it is the unbiased estimate of the
     * Hilbert-Schmidt independence criterion, HSIC_1 of Song et al. 2012 (Feature selection via
     * dependence maximization). Needs 4 rows.
     */
    public double unbiasedDot(PairValues other) {
        return 2
                * offDiagonal(
                        other, Margins.unbiased(rowSums()), Margins.unbiased(other.rowSums()));
    }

    private double offDiagonal(PairValues other, Margins ours, Margins theirs) {
        double sum = 0;
        for (int i = 0, at = 0; i < size; i++) {
            double rowSum = 0;
            for (int j = i + 1; j < size; j++, at++) {
                rowSum += ours.centre(values[at], i, j) * theirs.centre(other.values[at], i, j);
            }
            sum += rowSum;
        }
        return sum;
    }

    /** What centring takes from a value: something of its row, of its column, and of all. */
    private static final class Margins {
        private final double[] ofRow;
        private final double ofAll;

        private Margins(double[] ofRow, double ofAll) {
            this.ofRow = ofRow;
            this.ofAll = ofAll;
        }

        static Margins biased(double[] rowSums) {
            double size = rowSums.length;
            return of(rowSums, size, size * size);
        }

        static Margins unbiased(double[] rowSums) {
            double size = rowSums.length;
            return of(rowSums, size - 2, (size - 1) * (size - 2));
        }

        private static Margins of(double[] rowSums, double rowDivisor, double divisor) {
            return new Margins(
                    Arrays.stream(rowSums).map(sum -> sum / rowDivisor).toArray(),
                    Arrays.stream(rowSums).sum() / divisor);
        }

        double centre(double value, int i, int j) {
            return value - ofRow[i] - ofRow[j] + ofAll;
        }
    }
}
