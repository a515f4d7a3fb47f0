package stir.core.math.linalg;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import stir.api.DataException;

/**
 * A value per pair of rows of a matrix: the part above the diagonal of a symmetric matrix, row
 * after row, in half its memory.
 */
public final class PairValues {
    private static final int MAX_ROWS = 65_536;

    private final int size;
    private final double[] values;

    private PairValues(int size) {
        if (size > MAX_ROWS) {
            throw new DataException("A measure of pairs of inputs takes at most %d inputs, but there are %d: use fewer."
                    .formatted(MAX_ROWS, size));
        }
        this.size = size;
        this.values = new double[(int) ((long) size * (size - 1) / 2)];
    }

    /** Returns the dot products of all pairs of rows. */
    public static PairValues dots(RowSource x) {
        return of(x, Tile::ofSymmetric);
    }

    /**
     * Returns the squared Euclidean distances of all pairs of rows.
     *
     * <p>They are sums of squared differences, added in one order, without cancellation: each has a
     * relative error of at most {@code (columns + 2) 1.1e-16}, for any offset of the columns. Equal
     * distances have equal values where rows are repeated, and where the sums are exact: for
     * integers up to 9e15, one-hot rows and features with two values.
     */
    public static PairValues squaredDistances(RowSource x) {
        return of(x, Tile::ofSquaredDistances);
    }

    /**
     * Returns 1 minus the cosine of the angle of all pairs of rows, from 0 to 2. Each has a
     * relative error of at most {@code 8192 columns 1.1e-16}; equal angles have equal values where
     * rows are repeated and where dot products are exact, as for integers.
     *
     * @param scaled rows, none of them empty, from {@link MappedRows#scaled}
     */
    public static PairValues cosineDistances(MappedRows scaled) {
        return angularDistances(scaled, false);
    }

    /**
     * Returns 1 minus Pearson's correlation of all pairs of rows; otherwise as {@link
     * #cosineDistances}.
     *
     * @param nearlyCentred rows, none of them empty, from {@link MappedRows#nearlyCentred}
     */
    public static PairValues correlationDistances(MappedRows nearlyCentred) {
        return angularDistances(nearlyCentred, true);
    }

    private static PairValues angularDistances(MappedRows rows, boolean centred) {
        var pairs = dots(rows);
        new AngularDistances(rows, centred).replace(pairs);
        return pairs;
    }

    /**
     * A function that computes a tile of pairs of rows; only the part above the matrix's diagonal
     * is used.
     */
    @FunctionalInterface
    private interface Tiles {
        Tile at(Tile.Operand rows, Tile.Operand sameRowsAsColumns, Tile.Corner place);
    }

    private static PairValues of(RowSource x, Tiles tiles) {
        var pairs = new PairValues(x.rows());
        var left = Tile.Operand.rowsOf(x);
        var right = Tile.Operand.columnsOf(x);
        Tile.grid(pairs.size, pairs.size, true).forEach(place -> pairs.take(tiles.at(left, right, place)));
        return pairs;
    }

    private void take(Tile tile) {
        var place = tile.place();
        for (int i = 0; i < tile.rows(); i++) {
            int row = place.row() + i;
            int first = Math.max(0, row + 1 - place.column());
            int count = tile.columns() - first;
            if (count > 0) {
                tile.copyRow(i, first, count, values, index(row, place.column() + first));
            }
        }
    }

    /** Returns the index of a pair's value; i is less than j. */
    int index(int i, int j) {
        return (int) ((long) i * (2L * size - i - 1) / 2) + j - i - 1;
    }

    /** Returns the number of rows. */
    public int size() {
        return size;
    }

    /** Returns all values, shared: the pairs (0,1), (0,2), ... (1,2), ... */
    public double[] values() {
        return values;
    }

    /** Returns the value of a pair of two different rows. */
    public double get(int i, int j) {
        return values[i < j ? index(i, j) : index(j, i)];
    }

    /** Replaces each value by a function of it, and returns this object. */
    public PairValues map(DoubleUnaryOperator function) {
        for (int i = 0; i < values.length; i++) {
            values[i] = function.applyAsDouble(values[i]);
        }
        return this;
    }

    /** Returns the smaller value of each pair. */
    public PairValues minimum(PairValues other) {
        var smaller = new PairValues(size);
        for (int i = 0; i < values.length; i++) {
            smaller.values[i] = Math.min(values[i], other.values[i]);
        }
        return smaller;
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
     * Returns the dot product of two symmetric matrices with a zero diagonal after double centring:
     * {@code <HAH, HBH>}, where H is the centring matrix. Values are centred one by one, since a
     * formula of sums would cancel.
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
     * Returns the dot product after U-centring (Szekely and Rizzo 2014, Partial distance
     * correlation with methods for dissimilarities): divided by n (n - 3) it is the unbiased
     * estimate of the Hilbert-Schmidt independence criterion, HSIC_1 of Song et al. 2012 (Feature
     * selection via dependence maximization). Needs 4 rows.
     */
    public double unbiasedDot(PairValues other) {
        return 2 * offDiagonal(other, Margins.unbiased(rowSums()), Margins.unbiased(other.rowSums()));
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

    /** The row means and the total mean that centring subtracts from a value. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Margins(double[] ofRow, double ofAll) {
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
