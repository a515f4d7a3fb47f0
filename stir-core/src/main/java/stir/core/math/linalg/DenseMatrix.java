package stir.core.math.linalg;

import java.util.Arrays;

/**
 * A mutable matrix of doubles with one array per row, since the compiler vectorises loops over
 * whole arrays best.
 */
public final class DenseMatrix implements RowSource {
    private final int rows;
    private final int columns;
    private final double[][] values;

    private DenseMatrix(int columns, double[][] values) {
        this.rows = values.length;
        this.columns = columns;
        this.values = values;
    }

    /** Creates a matrix of zeros; both sizes may be 0. */
    public static DenseMatrix zeros(int rows, int columns) {
        return new DenseMatrix(columns, new double[rows][columns]);
    }

    /** Returns a copy of a matrix in double precision. */
    public static DenseMatrix copyOf(RowSource source) {
        var copy = zeros(source.rows(), source.columns());
        for (int i = 0; i < copy.rows; i++) {
            source.copy(i, 0, copy.columns, copy.values[i]);
        }
        return copy;
    }

    /**
     * Creates a matrix with a copy of some values.
     *
     * @param values row after row, {@code rows * columns} of them
     */
    public static DenseMatrix of(int rows, int columns, double... values) {
        if ((long) rows * columns != values.length) {
            throw new IllegalArgumentException("%d values do not fill %d x %d".formatted(values.length, rows, columns));
        }
        var matrix = zeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, matrix.values[i], 0, columns);
        }
        return matrix;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    /** Returns the value at a row and a column. */
    public double get(int row, int column) {
        return values[row][column];
    }

    /** Sets the value at a row and a column. */
    public void set(int row, int column, double value) {
        values[row][column] = value;
    }

    /** Returns a row, shared: writing into it modifies the matrix. */
    public double[] row(int row) {
        return values[row];
    }

    @Override
    public void copy(int row, int from, int count, double[] into) {
        System.arraycopy(values[row], from, into, 0, count);
    }

    /** Returns the transpose; a copy. */
    public DenseMatrix transposed() {
        var transposed = zeros(columns, rows);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                transposed.values[j][i] = values[i][j];
            }
        }
        return transposed;
    }

    /** Adds a matrix of the same size, in place. */
    public void add(DenseMatrix other) {
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values[i][j] += other.values[i][j];
            }
        }
    }

    /** Returns the sum of the squares of all values. */
    public double sumOfSquares() {
        return dot(this);
    }

    /** Returns the sum of the products of corresponding values of two matrices of one size. */
    public double dot(DenseMatrix other) {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += dot(i, other, i);
        }
        return sum;
    }

    /** Returns the dot product of a row and a row of a matrix with as many columns. */
    public double dot(int row, DenseMatrix other, int otherRow) {
        double sum = 0;
        for (int j = 0; j < columns; j++) {
            sum += values[row][j] * other.values[otherRow][j];
        }
        return sum;
    }

    /** Returns the Euclidean norm of a row. */
    public double norm(int row) {
        return Math.sqrt(dot(row, this, row));
    }

    /** Returns the sum of the diagonal of a square matrix. */
    public double trace() {
        double sum = 0;
        for (int i = 0; i < rows; i++) {
            sum += values[i][i];
        }
        return sum;
    }

    /** Returns all values, row after row; a copy. */
    public double[] toArray() {
        var all = new double[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values[i], 0, all, i * columns, columns);
        }
        return all;
    }

    @Override
    public String toString() {
        return rows + " x " + columns + " " + (rows > 6 ? "" : Arrays.deepToString(values));
    }
}
