package stir.core.linalg;

/**
 * Rows of which only the direction counts, brought to one size as they are read, with or without
 * nearly their own mean taken away; nothing is copied.
 *
 * <p>Rows are divided by a power of two, and what is taken away is the mean with few binary digits:
 * neither rounds, unless a row's values differ in size so much that the small ones are rounding
 * errors of the large ones. So sums of products of whole numbers stay exact, and equal angles come
 * out equal. What is left of the mean, less than a thousandth of the largest value, has to be taken
 * off the sums.
 */
public final class AffineRows implements RowSource {
    /** The binary digits by which the mean is finer than the row's largest deviation from it. */
    private static final int DIGITS_OF_MEAN = 10;

    private final RowSource source;
    private final double[] shiftOfRow;
    private final double[] factorOfRow;

    private AffineRows(RowSource source, double[] shiftOfRow, double[] factorOfRow) {
        this.source = source;
        this.shiftOfRow = shiftOfRow;
        this.factorOfRow = factorOfRow;
    }

    /** Each row divided by a power of two, so that its largest value is from 1 to 2. */
    public static AffineRows scaled(RowSource source) {
        return of(source, false);
    }

    /** Each row minus nearly its own mean, divided by a power of two. */
    public static AffineRows nearlyCentred(RowSource source) {
        return of(source, true);
    }

    private static AffineRows of(RowSource source, boolean centred) {
        var shifts = new double[source.rows()];
        var factors = new double[source.rows()];
        var row = new double[source.columns()];
        for (int i = 0; i < source.rows(); i++) {
            source.copy(i, 0, row.length, row);
            double mean = centred ? mean(row) : 0;
            double largest = 0;
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value - mean));
            }
            if (largest > 0) {
                int exponent = Math.getExponent(largest);
                double grid = Math.scalb(1.0, exponent - DIGITS_OF_MEAN);
                shifts[i] = Math.rint(mean / grid) * grid;
                factors[i] = Math.scalb(1.0, -exponent);
            }
        }
        return new AffineRows(source, shifts, factors);
    }

    private static double mean(double[] row) {
        double mean = row[0];
        for (int pass = 0; pass < 2; pass++) {
            double sum = 0;
            for (double value : row) {
                sum += value - mean;
            }
            mean += sum / row.length;
        }
        return mean;
    }

    /** The first row of which nothing is left, or -1. */
    public int firstEmptyRow() {
        for (int i = 0; i < factorOfRow.length; i++) {
            if (factorOfRow[i] == 0) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int rows() {
        return source.rows();
    }

    @Override
    public int columns() {
        return source.columns();
    }

    @Override
    public void copy(int row, int from, int count, double[] into) {
        source.copy(row, from, count, into);
        for (int j = 0; j < count; j++) {
            into[j] = (into[j] - shiftOfRow[row]) * factorOfRow[row];
        }
    }
}
