package stir.api;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Rows of floats, all of one shape, in direct memory that a backend reads and writes without a
 * copy. Row {@code i} consists of the values {@code i * rowSize()} to {@code (i + 1) * rowSize() -
 * 1}.
 *
 * <p>A batch is a mutable buffer: its holders share the values. Several threads may write to it
 * only in different rows. The garbage collector frees the memory.
 *
 * @since 0.1.0
 */
public final class Batch {
    private final ByteBuffer bytes;
    private final FloatBuffer floats;
    private final int rows;
    private final Shape rowShape;
    private final int rowSize;
    private final Map<String, Batch> side;

    private Batch(ByteBuffer bytes, int rows, Shape rowShape, Map<String, Batch> side) {
        this.side = side;
        this.bytes = bytes;
        this.floats = bytes.asFloatBuffer();
        this.rows = rows;
        this.rowShape = rowShape;
        this.rowSize = rowShape.size();
    }

    /**
     * Creates a batch of zeros.
     *
     * @param rows the number of rows, at least 0
     * @param rowShape the shape of each row; every dimension known
     * @throws DataException if the batch would exceed 2 GB
     */
    public static Batch allocate(int rows, Shape rowShape) {
        if (rows < 0) {
            throw new IllegalArgumentException("A batch can't have " + rows + " rows");
        }
        long size = 4L * rows * rowShape.size();
        if (size > Integer.MAX_VALUE) {
            throw new DataException(
                    "A batch of %d rows of %s is over 2 GB: use a smaller batch size.".formatted(rows, rowShape));
        }
        return new Batch(
                ByteBuffer.allocateDirect((int) size).order(ByteOrder.nativeOrder()), rows, rowShape, Map.of());
    }

    /**
     * Creates a batch with a copy of these values.
     *
     * @param rowShape the shape of each row
     * @param values the values in row-major order; their number is a multiple of the row's size
     */
    public static Batch of(Shape rowShape, float... values) {
        int rowSize = rowShape.size();
        if (values.length % rowSize != 0) {
            throw new IllegalArgumentException(values.length + " values do not divide into rows of " + rowShape);
        }
        var batch = allocate(values.length / rowSize, rowShape);
        batch.floats.put(0, values);
        return batch;
    }

    /** Returns the number of rows. */
    public int rows() {
        return rows;
    }

    /** Returns the shape of each row. */
    public Shape rowShape() {
        return rowShape;
    }

    /** Returns the number of values per row. */
    public int rowSize() {
        return rowSize;
    }

    /** Returns a shared view of all values, from position 0 to limit {@code rows() * rowSize()}. */
    public FloatBuffer buffer() {
        return floats.duplicate();
    }

    /** Returns a shared view of the underlying memory, direct and in native order. */
    public ByteBuffer bytes() {
        return bytes.duplicate().order(ByteOrder.nativeOrder());
    }

    /**
     * Returns the value at an index of a row.
     *
     * @param row the row, from 0
     * @param index the index in the flattened row, from 0
     */
    public float get(int row, int index) {
        return floats.get(row * rowSize + index);
    }

    /**
     * Sets the value at an index of a row.
     *
     * @param row the row, from 0
     * @param index the index in the flattened row, from 0
     * @param value the value
     */
    public void set(int row, int index, float value) {
        floats.put(row * rowSize + index, value);
    }

    /** Returns the rows {@code from} (inclusive) to {@code to} (exclusive), sharing memory. */
    public Batch slice(int from, int to) {
        if (from < 0 || to < from || to > rows) {
            throw new IndexOutOfBoundsException("Rows %d to %d of %d".formatted(from, to, rows));
        }
        return new Batch(
                bytes.slice(4 * from * rowSize, 4 * (to - from) * rowSize).order(ByteOrder.nativeOrder()),
                to - from,
                rowShape,
                eachSide(values -> values.slice(from, to)));
    }

    /** Returns a view of the same memory with rows of another shape but the same size. */
    public Batch withRowShape(Shape shape) {
        if (shape.size() != rowSize) {
            throw new IllegalArgumentException("Rows of " + rowShape + " can't be seen as " + shape);
        }
        return new Batch(bytes, rows, shape, side);
    }

    /**
     * Copies a row of another batch, which has the same size, into a row of this batch, with the
     * side inputs that the two batches share.
     */
    public void copyRow(Batch source, int sourceRow, int row) {
        if (source.rowSize != rowSize) {
            throw new IllegalArgumentException("Rows of " + source.rowShape + " do not fit into " + rowShape);
        }
        floats.put(row * rowSize, source.floats, sourceRow * rowSize, rowSize);
        side.forEach((name, values) -> {
            var others = source.side.get(name);
            if (others != null) {
                values.copyRow(others, sourceRow, row);
            }
        });
    }

    /** Returns a copy in separate memory. */
    public Batch copy() {
        var copy = allocate(rows, rowShape);
        copy.floats.put(0, floats, 0, rows * rowSize);
        return copy.withSide(eachSide(Batch::copy));
    }

    /**
     * Returns the model's side inputs for the rows of this batch, by name; the memory is shared.
     * Empty unless {@link SideInputs} are given per row.
     */
    @Experimental
    public Map<String, Batch> side() {
        return side;
    }

    /**
     * Returns a side input.
     *
     * @throws IllegalArgumentException if the batch does not have them
     */
    @Experimental
    public Batch side(String name) {
        var values = side.get(name);
        if (values == null) {
            throw new IllegalArgumentException("There are no rows of '" + name + "' in " + this);
        }
        return values;
    }

    /**
     * Returns a view of the same memory with other side inputs.
     *
     * @param other a batch with the same number of rows
     */
    @Experimental
    public Batch withSide(Map<String, Batch> other) {
        for (var values : other.values()) {
            if (values.rows != rows) {
                throw new IllegalArgumentException(values.rows + " rows of a side input do not fit " + this);
            }
        }
        return new Batch(bytes, rows, rowShape, Map.copyOf(other));
    }

    /** Returns a view of the same memory, with memory for the side inputs that another has. */
    @Experimental
    public Batch withSideLike(Batch other) {
        return withSide(other.eachSide(values -> allocate(rows, values.rowShape)));
    }

    private Map<String, Batch> eachSide(UnaryOperator<Batch> change) {
        if (side.isEmpty()) {
            return side;
        }
        var changed = new LinkedHashMap<String, Batch>();
        side.forEach((name, values) -> changed.put(name, change.apply(values)));
        return Map.copyOf(changed);
    }

    /** Returns a copy of all values, in row-major order. */
    public float[] toArray() {
        var values = new float[rows * rowSize];
        floats.get(0, values);
        return values;
    }

    /** Returns the number of rows and their shape, for messages. */
    @Override
    public String toString() {
        return "Batch of " + rows + " rows of " + rowShape;
    }
}
