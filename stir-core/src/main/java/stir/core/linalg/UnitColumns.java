package stir.core.linalg;

/** Columns divided by their Euclidean norms as they are read. A column of zeros stays so. */
public final class UnitColumns implements RowSource {
    private final RowSource source;
    private final double[] factors;

    private UnitColumns(RowSource source, double[] factors) {
        this.source = source;
        this.factors = factors;
    }

    /** The columns of a matrix at unit norm. */
    public static UnitColumns of(RowSource source) {
        var row = new double[source.columns()];
        var squares = new double[source.columns()];
        for (int i = 0; i < source.rows(); i++) {
            source.copy(i, 0, row.length, row);
            for (int j = 0; j < row.length; j++) {
                squares[j] += row[j] * row[j];
            }
        }
        for (int j = 0; j < squares.length; j++) {
            squares[j] = squares[j] == 0 ? 0 : 1 / Math.sqrt(squares[j]);
        }
        return new UnitColumns(source, squares);
    }

    /** The first column that is zero in every row, or -1. */
    public int firstEmptyColumn() {
        for (int j = 0; j < factors.length; j++) {
            if (factors[j] == 0) {
                return j;
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
            into[j] *= factors[from + j];
        }
    }
}
