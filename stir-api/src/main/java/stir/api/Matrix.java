package stir.api;

import org.jspecify.annotations.Nullable;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Representations to be compared: one row an input, one column a feature. An immutable value of
 * float or double precision; {@link #get} answers in double precision either way.
 */
public final class Matrix {
    private final int rows;
    private final int columns;
    private final float @Nullable [] floats;
    private final double @Nullable [] doubles;

    private Matrix(int rows, int columns, float @Nullable [] floats, double @Nullable [] doubles) {
        this.rows = rows;
        this.columns = columns;
        this.floats = floats;
        this.doubles = doubles;
    }

    /**
     * A matrix with a copy of these values, kept as floats.
     *
     * @param rows at least 0
     * @param columns at least 1
     * @param values row after row, {@code rows * columns} of them
     */
    public static Matrix of(int rows, int columns, float[] values) {
        check(rows, columns, values.length);
        return new Matrix(rows, columns, values.clone(), null);
    }

    /**
     * A matrix with a copy of these values, kept as doubles.
     *
     * @param rows at least 0
     * @param columns at least 1
     * @param values row after row, {@code rows * columns} of them
     */
    public static Matrix of(int rows, int columns, double[] values) {
        check(rows, columns, values.length);
        return new Matrix(rows, columns, null, values.clone());
    }

    /** A matrix with a copy of a batch's rows, each flattened. */
    public static Matrix of(Batch batch) {
        return new Matrix(batch.rows(), batch.rowSize(), batch.toArray(), null);
    }

    private static void check(int rows, int columns, int values) {
        if (rows < 0 || columns < 1 || (long) rows * columns != values) {
            throw new IllegalArgumentException(
                    "A matrix of %d x %d can't have %d values".formatted(rows, columns, values));
        }
    }

    /** The number of inputs. */
    public int rows() {
        return rows;
    }

    /** The number of features. */
    public int columns() {
        return columns;
    }

    /** Whether the values are kept in double precision. */
    public boolean isDouble() {
        return doubles != null;
    }

    /** The value at a row and a column. */
    public double get(int row, int column) {
        if (column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("Column " + column + " of " + columns);
        }
        int index = row * columns + column;
        return doubles != null ? doubles[index] : floats()[index];
    }

    /**
     * Copies a row.
     *
     * @param row from 0 to {@code rows() - 1}
     * @param into receives the row's values from its beginning; at least {@code columns()} long
     */
    public void row(int row, double[] into) {
        if (doubles != null) {
            System.arraycopy(doubles, row * columns, into, 0, columns);
        } else {
            float[] values = floats();
            for (int i = 0; i < columns; i++) {
                into[i] = values[row * columns + i];
            }
        }
    }

    /** A copy of all values in double precision, row after row. */
    public double[] toDoubles() {
        if (doubles != null) {
            return doubles.clone();
        }
        float[] values = floats();
        var copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    /** The matrix of the chosen rows, in the order given; a row may be chosen more than once. */
    public Matrix select(int... chosen) {
        if (doubles != null) {
            var copy = new double[chosen.length * columns];
            for (int i = 0; i < chosen.length; i++) {
                System.arraycopy(doubles, chosen[i] * columns, copy, i * columns, columns);
            }
            return new Matrix(chosen.length, columns, null, copy);
        }
        var copy = new float[chosen.length * columns];
        for (int i = 0; i < chosen.length; i++) {
            System.arraycopy(floats(), chosen[i] * columns, copy, i * columns, columns);
        }
        return new Matrix(chosen.length, columns, copy, null);
    }

    /** The first row that holds NaN or an infinite value, or -1 if all values are finite. */
    public int firstNonFiniteRow() {
        for (int i = 0; i < rows * columns; i++) {
            if (!Double.isFinite(doubles != null ? doubles[i] : floats()[i])) {
                return i / columns;
            }
        }
        return -1;
    }

    private float[] floats() {
        if (floats == null) {
            throw new IllegalStateException("A matrix holds floats or doubles");
        }
        return floats;
    }

    /** The values as a read-only buffer of floats; a matrix of doubles is rounded. */
    public FloatBuffer toFloats() {
        if (floats != null) {
            return FloatBuffer.wrap(floats).asReadOnlyBuffer();
        }
        var rounded = FloatBuffer.allocate(rows * columns);
        for (double value : toDoubles()) {
            rounded.put((float) value);
        }
        return rounded.flip().asReadOnlyBuffer();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Matrix matrix
                && matrix.rows == rows
                && matrix.columns == columns
                && Arrays.equals(matrix.floats, floats)
                && Arrays.equals(matrix.doubles, doubles);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * rows + columns) + Arrays.hashCode(floats) + Arrays.hashCode(doubles);
    }

    /** The matrix's size, for messages. */
    @Override
    public String toString() {
        return "Matrix of " + rows + " x " + columns;
    }
}
