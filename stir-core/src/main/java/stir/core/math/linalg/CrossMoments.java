package stir.core.math.linalg;

import stir.api.Matrix;

/**
 * Sums of products of centred columns, {@code a'a}, {@code b'b} and {@code a'b}, from batches of
 * rows, with memory that does not grow with the rows. Not thread-safe.
 *
 * <p>Rows are gathered in blocks. A block is centred by its own means, and the shift between its
 * means and the previous ones enters as one more row (Chan, Golub and LeVeque 1979, Updating
 * formulae and a pairwise algorithm for computing sample variances). No large sums are subtracted,
 * so features of 1e3 that differ by 1e-3 keep their precision.
 */
public final class CrossMoments implements RowSums {
    private static final int BLOCK_ROWS = Tile.SIZE;

    private final BlockWithMeans a;
    private final BlockWithMeans b;
    private final DenseMatrix ofA;
    private final DenseMatrix ofB;
    private final DenseMatrix ofBoth;
    private long closedRows;
    private int pendingRows;

    /** Creates sums over no rows. */
    public CrossMoments(int columnsOfA, int columnsOfB) {
        a = new BlockWithMeans(columnsOfA);
        b = new BlockWithMeans(columnsOfB);
        ofA = DenseMatrix.zeros(columnsOfA, columnsOfA);
        ofB = DenseMatrix.zeros(columnsOfB, columnsOfB);
        ofBoth = DenseMatrix.zeros(columnsOfA, columnsOfB);
    }

    /** Returns how many doubles such sums hold. */
    public static long size(int columnsOfA, int columnsOfB) {
        long a = columnsOfA;
        long b = columnsOfB;
        return a * a + b * b + a * b + (BLOCK_ROWS + 1) * (a + b);
    }

    @Override
    public void add(Matrix rowsOfA, Matrix rowsOfB) {
        for (int i = 0; i < rowsOfA.rows(); i++) {
            rowsOfA.row(i, a.block.row(pendingRows));
            rowsOfB.row(i, b.block.row(pendingRows));
            rowAdded();
        }
    }

    /** Adds the next row of both. */
    void addRow(double[] rowOfA, double[] rowOfB) {
        System.arraycopy(rowOfA, 0, a.block.row(pendingRows), 0, rowOfA.length);
        System.arraycopy(rowOfB, 0, b.block.row(pendingRows), 0, rowOfB.length);
        rowAdded();
    }

    private void rowAdded() {
        pendingRows++;
        if (pendingRows == BLOCK_ROWS) {
            closeBlock();
        }
    }

    private void closeBlock() {
        if (pendingRows == 0) {
            return;
        }
        var blockOfA = a.close(pendingRows, closedRows);
        var blockOfB = b.close(pendingRows, closedRows);
        Products.addCrossProduct(blockOfA, blockOfA, ofA);
        Products.addCrossProduct(blockOfB, blockOfB, ofB);
        Products.addCrossProduct(blockOfA, blockOfB, ofBoth);
        closedRows += pendingRows;
        pendingRows = 0;
    }

    /** Returns the column means of a over the rows so far; shared, must not be modified. */
    double[] meansOfA() {
        closeBlock();
        return a.means;
    }

    /** Returns the column means of b over the rows so far; shared, must not be modified. */
    double[] meansOfB() {
        closeBlock();
        return b.means;
    }

    @Override
    public void merge(RowSums following) {
        var other = (CrossMoments) following;
        checkWidths(other);
        closeBlock();
        other.closeBlock();
        if (other.closedRows == 0) {
            return;
        }
        double rows = (double) closedRows + other.closedRows;
        double weight = closedRows * (other.closedRows / rows);
        var shiftOfA = a.shiftTo(other.a);
        var shiftOfB = b.shiftTo(other.b);
        merge(ofA, other.ofA, weight, shiftOfA, shiftOfA);
        merge(ofB, other.ofB, weight, shiftOfB, shiftOfB);
        merge(ofBoth, other.ofBoth, weight, shiftOfA, shiftOfB);
        a.move(other.a, shiftOfA, closedRows, other.closedRows);
        b.move(other.b, shiftOfB, closedRows, other.closedRows);
        closedRows += other.closedRows;
    }

    /** Checks that other sums have the same widths. */
    void checkWidths(CrossMoments other) {
        if (other.a.means.length != a.means.length || other.b.means.length != b.means.length) {
            throw new IllegalArgumentException("The sums have other widths.");
        }
    }

    private static void merge(DenseMatrix sum, DenseMatrix more, double weight, double[] left, double[] right) {
        for (int i = 0; i < left.length; i++) {
            var into = sum.row(i);
            var from = more.row(i);
            double factor = weight * left[i];
            for (int j = 0; j < right.length; j++) {
                into[j] += from[j] + factor * right[j];
            }
        }
    }

    /** Returns the number of rows so far. */
    public long rows() {
        return closedRows + pendingRows;
    }

    /** Returns {@code a'a} over the rows so far; shared, must not be modified. */
    public DenseMatrix ofA() {
        closeBlock();
        return ofA;
    }

    /** Returns {@code b'b} over the rows so far; shared, must not be modified. */
    public DenseMatrix ofB() {
        closeBlock();
        return ofB;
    }

    /** Returns {@code a'b} over the rows so far; shared, must not be modified. */
    public DenseMatrix ofBoth() {
        closeBlock();
        return ofBoth;
    }

    /** The block and the means of one of the two representations. */
    private static final class BlockWithMeans {
        private final DenseMatrix block;
        private final double[] means;

        BlockWithMeans(int columns) {
            block = DenseMatrix.zeros(BLOCK_ROWS + 1, columns);
            means = new double[columns];
        }

        /** Returns the difference from these means to others. */
        double[] shiftTo(BlockWithMeans other) {
            var shift = new double[means.length];
            for (int j = 0; j < shift.length; j++) {
                shift[j] = other.means[j] - means[j];
            }
            return shift;
        }

        /** Replaces the means by those of both. */
        void move(BlockWithMeans other, double[] shift, long rows, long otherRows) {
            double share = otherRows / ((double) rows + otherRows);
            for (int j = 0; j < means.length; j++) {
                means[j] = rows == 0 ? other.means[j] : means[j] + shift[j] * share;
            }
        }

        /** Centres the block, appends the shift of the means, and updates the means. */
        RowSource close(int rows, long rowsBefore) {
            var centred = MappedRows.centred(block.range(0, rows));
            for (int i = 0; i < rows; i++) {
                centred.copy(i, 0, means.length, block.row(i));
            }
            double total = (double) rowsBefore + rows;
            double weight = Math.sqrt(rowsBefore * (rows / total));
            var blockMeans = centred.means();
            var shift = block.row(rows);
            for (int j = 0; j < means.length; j++) {
                double difference = blockMeans[j] - means[j];
                shift[j] = weight * difference;
                means[j] = rowsBefore == 0 ? blockMeans[j] : means[j] + difference * (rows / total);
            }
            return block.range(0, rows + 1);
        }
    }
}
