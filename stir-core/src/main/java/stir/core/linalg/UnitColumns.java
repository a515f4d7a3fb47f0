package stir.core.linalg;

import java.util.Arrays;

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

    /** How many columns are zero in every row. */
    public int emptyColumns() {
        return (int) Arrays.stream(factors).filter(factor -> factor == 0).count();
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

    @Override
    public double[] roundingErrors() {
        var errors = source.roundingErrors();
        for (int j = 0; j < errors.length; j++) {
            errors[j] *= factors[j];
        }
        return errors;
    }
}
