package stir.core.score.compute;

import stir.api.SimilarityMeasure;
import stir.core.measure.WideLinearCka;

/**
 * The memory that representations may take while they are compared. Whether all rows are held at
 * once depends on this limit alone, never on the machine.
 *
 * @param limit the limit in bytes
 */
public record RowMemory(long limit) {
    /**
     * The memory per value of a row: a float, its copy in the rows that are kept when some are left
     * out, and a double in the measure.
     */
    private static final int BYTES = Float.BYTES + Float.BYTES + Double.BYTES;

    private static final double MEGABYTE = 1e6;

    /**
     * Returns whether all rows of two representations are held at once. If not, measures are
     * computed from sums over blocks of inputs, or not at all.
     */
    public boolean fits(long rows, int columnsOfA, int columnsOfB) {
        return rows * Math.max(columnsOfA, columnsOfB) <= Integer.MAX_VALUE
                && bytes(rows, columnsOfA, columnsOfB) <= limit;
    }

    /**
     * Returns the maximum memory that a measure takes for inputs and invariant inputs themselves; 0
     * if it is not defined within the limit.
     */
    public long ofInputs(SimilarityMeasure measure, long rows, int columns) {
        boolean fits = fits(rows, columns, columns);
        long sums = measure.accumulatorBytes(columns, columns);
        if ((rows > columns || !fits) && sums > 0 && sums <= limit) {
            return sums;
        }
        if (fits) {
            return (long) bytes(rows, columns, columns);
        }
        return WideLinearCka.fits(measure, rows, columns, limit)
                ? Math.min(limit, WideLinearCka.bytes(rows, columns))
                : 0;
    }

    /** Returns the number of rows of one representation that are held at once. */
    int rows(int columns) {
        long bytes = Math.min(limit / BYTES, Integer.MAX_VALUE / Float.BYTES);
        return (int) Math.min(Integer.MAX_VALUE, bytes / columns);
    }

    boolean fits(RepresentationPairs pairs) {
        return fits(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB());
    }

    private static double bytes(long rows, int columnsOfA, int columnsOfB) {
        return (double) BYTES * rows * ((double) columnsOfA + columnsOfB);
    }

    /** Returns the memory that all rows take. */
    double megabytes(RepresentationPairs pairs) {
        return bytes(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB()) / MEGABYTE;
    }

    double limitInMegabytes() {
        return limit / MEGABYTE;
    }
}
