package stir.core.linalg;


/**
 * Rows brought to unit norm as they are read, with or without their own mean taken away; nothing is
 * copied.
 */
public final class AffineRows implements RowSource {
    private final RowSource source;
    private final double[] shiftOfRow;
    private final double[] factorOfRow;

    private AffineRows(RowSource source, double[] shiftOfRow, double[] factorOfRow) {
        this.source = source;
        this.shiftOfRow = shiftOfRow;
        this.factorOfRow = factorOfRow;
    }

    /** Each row divided by its Euclidean norm. A row of zeros stays so. */
    public static AffineRows unitRows(RowSource source) {
        return of(source, false);
    }

    /** Each row minus its own mean, divided by its norm: dot products are then correlations. */
    public static AffineRows standardRows(RowSource source) {
        return of(source, true);
    }

    private static AffineRows of(RowSource source, boolean centred) {
        var shifts = new double[source.rows()];
        var factors = new double[source.rows()];
        var row = new double[source.columns()];
        for (int i = 0; i < source.rows(); i++) {
            source.copy(i, 0, row.length, row);
            if (centred) {
                shifts[i] = mean(row);
            }
            double squares = 0;
            for (double value : row) {
                squares += (value - shifts[i]) * (value - shifts[i]);
            }
            factors[i] = squares == 0 ? 0 : 1 / Math.sqrt(squares);
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
