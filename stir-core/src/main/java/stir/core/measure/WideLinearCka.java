package stir.core.measure;

import java.util.concurrent.CancellationException;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.Products;

/**
 * The centred Gram matrices of two representations that are too wide to be held, summed over blocks
 * of columns. Linear CKA and its debiased form are functions of them.
 */
public final class WideLinearCka {
    /** The Gram matrices at once: of both representations, and of a block. */
    private static final int GRAMS = 3;

    /** The most blocks of columns, since the rows are read again for each. */
    private static final int MOST_BLOCKS = 64;

    /** The maximum number of bytes of a block: more make no block faster. */
    private static final long MOST_OF_BLOCK = 1L << 28;

    private final DenseMatrix ofA;
    private final DenseMatrix ofB;

    private WideLinearCka(DenseMatrix ofA, DenseMatrix ofB) {
        this.ofA = ofA;
        this.ofB = ofB;
    }

    /** Rows that can be read more than once. */
    @FunctionalInterface
    public interface RowReader {
        /** Writes all values of a row. */
        void read(int row, float[] into);
    }

    /**
     * Returns whether a measure can be computed from Gram matrices.
     *
     * @param limit the limit of the memory, in bytes
     */
    public static boolean fits(SimilarityMeasure measure, long rows, int columns, long limit) {
        return (measure instanceof LinearCka || measure instanceof DebiasedLinearCka)
                && rows * rows <= Integer.MAX_VALUE
                && (long) MOST_BLOCKS * width(rows, columns, limit) >= columns;
    }

    /** Returns the number of columns that are read at once. */
    private static int width(long rows, int columns, long limit) {
        double left = limit - (double) GRAMS * Double.BYTES * rows * rows - 2.0 * Float.BYTES * columns;
        double ofBlock = Math.min(left, MOST_OF_BLOCK);
        double most = Math.min(ofBlock / (rows * (Float.BYTES + Double.BYTES)), columns);
        return (int) Math.max(0, Math.min(most, (double) Integer.MAX_VALUE / rows));
    }

    /** Returns the maximum memory that a measure which {@link #fits} takes, in bytes. */
    public static long bytes(long rows, int columns) {
        return GRAMS * Double.BYTES * rows * rows + 2L * Float.BYTES * columns + MOST_OF_BLOCK;
    }

    /**
     * Reads two representations, the wider of which {@link #fits}.
     *
     * @param limit the limit of the memory, in bytes
     */
    public static WideLinearCka read(int rows, int columnsOfA, RowReader a, int columnsOfB, RowReader b, long limit) {
        int width = width(rows, Math.max(columnsOfA, columnsOfB), limit);
        return new WideLinearCka(gram(rows, columnsOfA, width, a), gram(rows, columnsOfB, width, b));
    }

    private static DenseMatrix gram(int rows, int columns, int width, RowReader source) {
        var sum = DenseMatrix.zeros(rows, rows);
        var row = new float[columns];
        for (int from = 0; from < columns; from += width) {
            int count = Math.min(width, columns - from);
            var block = new float[rows * count];
            for (int i = 0; i < rows; i++) {
                source.read(i, row);
                System.arraycopy(row, from, block, i * count, count);
                if (Thread.currentThread().isInterrupted()) {
                    throw new CancellationException("The comparison was interrupted");
                }
            }
            sum.add(Products.gram(MappedRows.centred(Matrix.of(rows, count, block))));
        }
        return sum;
    }

    /**
     * Returns the value of a measure that {@link #fits}.
     *
     * @throws stir.api.DataException if it is not defined
     */
    public double value(SimilarityMeasure measure) {
        var dots = new double[] {ofA.dot(ofB), ofA.sumOfSquares(), ofB.sumOfSquares()};
        if (measure instanceof DebiasedLinearCka debiased) {
            debiased.checkRows(ofA.rows());
            return debiased.ratio(dots, diagonal(ofA), diagonal(ofB));
        }
        if (measure instanceof LinearCka biased) {
            return biased.ratio(dots, diagonal(ofA), diagonal(ofB));
        }
        throw new IllegalArgumentException("no function of Gram matrices: " + measure.id());
    }

    private static double[] diagonal(DenseMatrix gram) {
        var diagonal = new double[gram.rows()];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = gram.get(i, i);
        }
        return diagonal;
    }
}
