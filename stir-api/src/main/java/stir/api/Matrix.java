package stir.api;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Representations to be compared: one row per input, one column per feature. Immutable, of float or
 * double precision; {@link #get} returns double precision in either case.
 *
 * @since 0.1.0
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
     * Creates a matrix with a copy of these values, stored as floats.
     *
     * @param rows the number of rows, at least 0
     * @param columns the number of columns, at least 1
     * @param values the values in row-major order, {@code rows * columns} of them
     */
    public static Matrix of(int rows, int columns, float[] values) {
        check(rows, columns, values.length);
        return new Matrix(rows, columns, values.clone(), null);
    }

    /**
     * Creates a matrix with a copy of these values, stored as doubles.
     *
     * @param rows the number of rows, at least 0
     * @param columns the number of columns, at least 1
     * @param values the values in row-major order, {@code rows * columns} of them
     */
    public static Matrix of(int rows, int columns, double[] values) {
        check(rows, columns, values.length);
        return new Matrix(rows, columns, null, values.clone());
    }

    /**
     * Creates a matrix of floats that are written in place.
     *
     * @param rows at least 0
     * @param columns at least 1
     * @param writer writes the values, row after row, from the buffer's beginning; it must not keep
     *     the buffer
     */
    @Experimental
    public static Matrix written(int rows, int columns, Consumer<FloatBuffer> writer) {
        var values = new float[Math.multiplyExact(rows, columns)];
        check(rows, columns, values.length);
        writer.accept(FloatBuffer.wrap(values));
        return new Matrix(rows, columns, values, null);
    }

    /** Creates a matrix with a copy of a batch's rows, each flattened. */
    public static Matrix of(Batch batch) {
        return new Matrix(batch.rows(), batch.rowSize(), batch.toArray(), null);
    }

    private static void check(int rows, int columns, int values) {
        if (rows < 0 || columns < 1 || (long) rows * columns != values) {
            throw new IllegalArgumentException(
                    "A matrix of %d x %d can't have %d values".formatted(rows, columns, values));
        }
    }

    /** Returns the number of inputs. */
    public int rows() {
        return rows;
    }

    /** Returns the number of features. */
    public int columns() {
        return columns;
    }

    /** Returns whether the values are stored in double precision. */
    public boolean isDouble() {
        return doubles != null;
    }

    /**
     * Returns the value at a row and a column.
     *
     * @param row the input, from 0
     * @param column the feature, from 0
     */
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
     * @param row the index of the row, from 0 to {@code rows() - 1}
     * @param into the array that receives the row's values from its beginning; at least {@code
     *     columns()} long
     */
    public void row(int row, double[] into) {
        row(row, 0, columns, into);
    }

    /**
     * Copies part of a row in double precision.
     *
     * @param row the index of the row, from 0 to {@code rows() - 1}
     * @param from the first column to copy
     * @param count the number of columns
     * @param into the array that receives the values from its beginning; may be longer
     */
    public void row(int row, int from, int count, double[] into) {
        Objects.checkIndex(row, rows);
        Objects.checkFromIndexSize(from, count, columns);
        int start = row * columns + from;
        if (doubles != null) {
            System.arraycopy(doubles, start, into, 0, count);
        } else {
            float[] values = floats();
            for (int i = 0; i < count; i++) {
                into[i] = values[start + i];
            }
        }
    }

    /** Returns a copy of all values in double precision, in row-major order. */
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

    /** Returns the matrix of the chosen rows, in the given order, possibly repeated. */
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

    /** Returns the first row with NaN or an infinite value, or -1 if all values are finite. */
    public int firstNonFiniteRow() {
        for (int row = 0; row < rows; row++) {
            int from = row * columns;
            if (doubles != null
                    ? !isFinite(doubles, from, from + columns)
                    : !isFinite(floats(), from, from + columns)) {
                return row;
            }
        }
        return -1;
    }

    /**
     * Returns whether all values are finite. Zero times a finite value is zero, so one comparison
     * of a sum serves many values.
     */
    private static boolean isFinite(float[] values, int from, int to) {
        float even = 0;
        float odd = 0;
        int i = from;
        for (; i + 2 <= to; i += 2) {
            even += 0 * values[i];
            odd += 0 * values[i + 1];
        }
        for (; i < to; i++) {
            even += 0 * values[i];
        }
        return even + odd == 0;
    }

    private static boolean isFinite(double[] values, int from, int to) {
        double even = 0;
        double odd = 0;
        int i = from;
        for (; i + 2 <= to; i += 2) {
            even += 0 * values[i];
            odd += 0 * values[i + 1];
        }
        for (; i < to; i++) {
            even += 0 * values[i];
        }
        return even + odd == 0;
    }

    private float[] floats() {
        if (floats == null) {
            throw new IllegalStateException("A matrix holds floats or doubles");
        }
        return floats;
    }

    /** Returns the values as a read-only buffer of floats; doubles are rounded. */
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

    /** Returns the matrix's size, for messages. */
    @Override
    public String toString() {
        return "Matrix of " + rows + " x " + columns;
    }
}
