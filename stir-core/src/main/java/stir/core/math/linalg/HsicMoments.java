package stir.core.math.linalg;

import stir.api.Matrix;

/**
 * Sums from which the unbiased HSIC_1 of linear kernels is computed, from batches of rows, with
 * memory that does not grow with them: in addition to {@link CrossMoments} the sums of products of
 * the squared lengths of centred rows, {@code sum |x|^2 |y|^2}, for (a, b), (a, a) and (b, b). Not
 * thread-safe.
 *
 * <p>Each such sum is of fourth order. When rows with other means are added, both parts are centred
 * by the means of all: with a shift d of x and e of y,
 *
 * <pre>
 *  sum |x+d|^2 |y+e|^2 = sum |x|^2|y|^2 + 2 e.sum |x|^2 y + 2 d.sum |y|^2 x + 4 d'(sum x y')e + |e|^2 sum |x|^2 + |d|^2 sum |y|^2 + n |d|^2 |e|^2
 * </pre>
 *
 * since x and y sum to 0; the sums of third order shift likewise. A shift is between means of
 * blocks of the same data, so no large sums are subtracted.
 */
public final class HsicMoments implements RowSums {
    private static final int BLOCK_ROWS = Tile.SIZE;

    private final CrossMoments moments;
    private final HigherMoments lengths;
    private final DenseMatrix blockOfA;
    private final DenseMatrix blockOfB;
    private int pending;

    /** Creates sums over no rows. */
    public HsicMoments(int columnsOfA, int columnsOfB) {
        moments = new CrossMoments(columnsOfA, columnsOfB);
        lengths = new HigherMoments(columnsOfA, columnsOfB);
        blockOfA = DenseMatrix.zeros(BLOCK_ROWS, columnsOfA);
        blockOfB = DenseMatrix.zeros(BLOCK_ROWS, columnsOfB);
    }

    /** Returns how many doubles such sums hold, including those of one more block. */
    public static long size(int columnsOfA, int columnsOfB) {
        long columns = (long) columnsOfA + columnsOfB;
        return 2 * (CrossMoments.size(columnsOfA, columnsOfB) + (BLOCK_ROWS + 3) * columns);
    }

    /**
     * Sums over x of a and y of b, centred: {@code |x|^2 |y|^2}, {@code |x|^2 y}, {@code |y|^2 x}.
     */
    private static final class SquaredLengths {
        private double products;
        private final double[] cubicOfB;
        private final double[] cubicOfA;

        SquaredLengths(int columnsOfA, int columnsOfB) {
            cubicOfA = new double[columnsOfA];
            cubicOfB = new double[columnsOfB];
        }

        void add(double[] x, double[] y, double squareOfX, double squareOfY) {
            products += squareOfX * squareOfY;
            for (int j = 0; j < y.length; j++) {
                cubicOfB[j] += squareOfX * y[j];
            }
            for (int j = 0; j < x.length; j++) {
                cubicOfA[j] += squareOfY * x[j];
            }
        }

        /**
         * Shifts x by d and y by e.
         *
         * @param cross {@code sum x y'} before the shift
         */
        void shift(double rows, double[] d, double[] e, DenseMatrix cross, double squaresOfX, double squaresOfY) {
            var crossE = new double[d.length]; // (sum x y') e
            var crossD = new double[e.length]; // (sum y x') d
            for (int i = 0; i < d.length; i++) {
                var row = cross.row(i);
                double sum = 0;
                for (int j = 0; j < e.length; j++) {
                    sum += row[j] * e[j];
                    crossD[j] += row[j] * d[i];
                }
                crossE[i] = sum;
            }
            double squareOfD = Vectors.dot(d, d);
            double squareOfE = Vectors.dot(e, e);
            products += 2 * Vectors.dot(e, cubicOfB)
                    + 2 * Vectors.dot(d, cubicOfA)
                    + 4 * Vectors.dot(d, crossE)
                    + squareOfE * squaresOfX
                    + squareOfD * squaresOfY
                    + rows * squareOfD * squareOfE;
            for (int j = 0; j < e.length; j++) {
                cubicOfB[j] += squaresOfX * e[j] + 2 * crossD[j] + rows * squareOfD * e[j];
            }
            for (int i = 0; i < d.length; i++) {
                cubicOfA[i] += squaresOfY * d[i] + 2 * crossE[i] + rows * squareOfE * d[i];
            }
        }

        void add(SquaredLengths other) {
            products += other.products;
            for (int j = 0; j < cubicOfB.length; j++) {
                cubicOfB[j] += other.cubicOfB[j];
            }
            for (int i = 0; i < cubicOfA.length; i++) {
                cubicOfA[i] += other.cubicOfA[i];
            }
        }
    }

    /** The sums of third and fourth order of (a, b), (a, a) and (b, b). */
    private static final class HigherMoments {
        private final SquaredLengths both;
        private final SquaredLengths ofA;
        private final SquaredLengths ofB;

        HigherMoments(int columnsOfA, int columnsOfB) {
            both = new SquaredLengths(columnsOfA, columnsOfB);
            ofA = new SquaredLengths(columnsOfA, columnsOfA);
            ofB = new SquaredLengths(columnsOfB, columnsOfB);
        }

        void add(HigherMoments other) {
            both.add(other.both);
            ofA.add(other.ofA);
            ofB.add(other.ofB);
        }

        /**
         * Shifts the means of a by d and those of b by e.
         *
         * @param moments the sums of second order before the shift
         */
        void shift(CrossMoments moments, double[] d, double[] e) {
            double rows = moments.rows();
            double squaresOfA = moments.ofA().trace();
            double squaresOfB = moments.ofB().trace();
            both.shift(rows, d, e, moments.ofBoth(), squaresOfA, squaresOfB);
            ofA.shift(rows, d, d, moments.ofA(), squaresOfA, squaresOfA);
            ofB.shift(rows, e, e, moments.ofB(), squaresOfB, squaresOfB);
        }
    }

    @Override
    public void add(Matrix rowsOfA, Matrix rowsOfB) {
        for (int i = 0; i < rowsOfA.rows(); i++) {
            rowsOfA.row(i, blockOfA.row(pending));
            rowsOfB.row(i, blockOfB.row(pending));
            pending++;
            if (pending == BLOCK_ROWS) {
                closeBlock();
            }
        }
    }

    private void closeBlock() {
        if (pending == 0) {
            return;
        }
        var block = new HsicMoments(blockOfA.columns(), blockOfB.columns());
        block.sum(MappedRows.centred(blockOfA.range(0, pending)), MappedRows.centred(blockOfB.range(0, pending)));
        for (int i = 0; i < pending; i++) {
            block.moments.addRow(blockOfA.row(i), blockOfB.row(i));
        }
        pending = 0;
        merge(block);
    }

    private void sum(RowSource rowsOfA, RowSource rowsOfB) {
        var x = new double[rowsOfA.columns()];
        var y = new double[rowsOfB.columns()];
        for (int i = 0; i < rowsOfA.rows(); i++) {
            rowsOfA.copy(i, 0, x.length, x);
            rowsOfB.copy(i, 0, y.length, y);
            double squareOfX = Vectors.dot(x, x);
            double squareOfY = Vectors.dot(y, y);
            lengths.both.add(x, y, squareOfX, squareOfY);
            lengths.ofA.add(x, x, squareOfX, squareOfX);
            lengths.ofB.add(y, y, squareOfY, squareOfY);
        }
    }

    @Override
    public void merge(RowSums following) {
        var other = (HsicMoments) following;
        moments.checkWidths(other.moments);
        closeBlock();
        other.closeBlock();
        var added = new HigherMoments(blockOfA.columns(), blockOfB.columns());
        added.add(other.lengths);
        long rows = moments.rows();
        long otherRows = other.moments.rows();
        if (rows > 0 && otherRows > 0) {
            double all = (double) rows + otherRows;
            var shiftOfA = difference(moments.meansOfA(), other.moments.meansOfA());
            var shiftOfB = difference(moments.meansOfB(), other.moments.meansOfB());
            lengths.shift(moments, scaled(shiftOfA, -otherRows / all), scaled(shiftOfB, -otherRows / all));
            added.shift(other.moments, scaled(shiftOfA, rows / all), scaled(shiftOfB, rows / all));
        }
        lengths.add(added);
        moments.merge(other.moments);
    }

    private static double[] difference(double[] from, double[] to) {
        var difference = new double[from.length];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = to[i] - from[i];
        }
        return difference;
    }

    private static double[] scaled(double[] values, double factor) {
        var scaled = new double[values.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = factor * values[i];
        }
        return scaled;
    }

    /** Returns the sums of products over the rows so far. */
    public CrossMoments products() {
        closeBlock();
        return moments;
    }

    /** Returns the sum of {@code |x|^2 |y|^2} over the centred rows x of a and y of b so far. */
    public double lengthsOfBoth() {
        closeBlock();
        return lengths.both.products;
    }

    /** Returns the sum of {@code |x|^4} over the centred rows of a so far. */
    public double lengthsOfA() {
        closeBlock();
        return lengths.ofA.products;
    }

    /** Returns the sum of {@code |y|^4} over the centred rows of b so far. */
    public double lengthsOfB() {
        closeBlock();
        return lengths.ofB.products;
    }
}
