package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A tensor of the graph that is being written, and what can be computed with it. Each method adds a
 * node; methods that would change nothing add none.
 */
public final class Value extends Elementwise {
    private final Tape tape;

    /** Matrices of more elements than this are not written into a graph. */
    private static final int LARGEST_MATRIX = 1 << 20;

    private static final int MOST_ROUNDS = 1024;

    private final String name;
    private final ElementType type;
    private final int[] dims;
    private final Optional<Part> part;

    Value(Tape tape, String name, ElementType type, int... dims) {
        this(tape, name, type, Optional.empty(), dims);
    }

    private Value(Tape tape, String name, ElementType type, Optional<Part> part, int... dims) {
        this.tape = tape;
        this.name = name;
        this.type = type;
        this.part = part;
        this.dims = dims.clone();
    }

    /** What a padded tensor consists of, zeros aside: a value, and where it begins on an axis. */
    record Part(Value value, int axis, int start) {}

    /** What this was padded from, if it was. */
    Optional<Part> part() {
        return part;
    }

    @Override
    Value self() {
        return this;
    }

    @Override
    Tape tape() {
        return tape;
    }

    /** Returns its name in the graph. */
    public String name() {
        return name;
    }

    @Override
    public ElementType type() {
        return type;
    }

    @Override
    public int[] dims() {
        return dims.clone();
    }

    /** Returns the number of dimensions. */
    public int rank() {
        return dims.length;
    }

    /** Returns a dimension. */
    public int dim(int axis) {
        return dims[axis];
    }

    /** Returns the number of elements. */
    public int size() {
        return Dims.size(dims);
    }

    /** Returns the elements, if they are constant. */
    public Optional<Tensor> constant() {
        return tape.constant(name);
    }

    /** Returns the same elements with other dimensions. */
    public Value reshape(int... to) {
        return Arrays.equals(to, dims)
                ? this
                : tape.emit("Reshape", List.of(this, tape.integers(to)), Map.of(), type, to);
    }

    /** Returns the axes in another order. */
    public Value transpose(int... order) {
        if (Arrays.equals(order, Dims.range(0, rank()))) {
            return this;
        }
        return tape.emit(
                "Transpose",
                List.of(this),
                Map.of("perm", attribute(order)),
                type,
                Arrays.stream(order).map(this::dim).toArray());
    }

    /** Returns the last two axes exchanged. */
    public Value swapLast() {
        var order = Dims.range(0, rank());
        order[rank() - 2] = rank() - 1;
        order[rank() - 1] = rank() - 2;
        return transpose(order);
    }

    /** Repeated along axes of length 1, and along new ones at the front. */
    public Value expand(int... to) {
        return Arrays.equals(to, dims)
                ? this
                : tape.emit("Expand", List.of(this, tape.integers(to)), Map.of(), type, to);
    }

    /** Returns a part along one axis. */
    public Value slice(int axis, int from, int to) {
        return from == 0 && to == dims[axis]
                ? this
                : tape.emit(
                        "Slice",
                        List.of(this, tape.integers(from), tape.integers(to), tape.integers(axis)),
                        Map.of(),
                        type,
                        Dims.with(dims, axis, to - from));
    }

    /** Zeros added before and behind along one axis; a negative number takes elements away. */
    public Value pad(int axis, int before, int behind) {
        var kept = slice(axis, Math.max(0, -before), dims[axis] - Math.max(0, -behind));
        if (before <= 0 && behind <= 0) {
            return kept;
        }
        var pads = new int[2 * rank()];
        pads[axis] = Math.max(0, before);
        pads[axis + rank()] = Math.max(0, behind);
        var padded =
                tape.emit(
                        "Pad",
                        List.of(kept, tape.integers(pads)),
                        Map.of(),
                        type,
                        Dims.with(dims, axis, dims[axis] + before + behind));
        var origin = new Part(kept, axis, Math.max(0, before));
        return new Value(tape, padded.name, type, Optional.of(origin), padded.dims);
    }

    /** Zeros added before and behind along all axes; negative numbers take elements away. */
    public Value pad(int[] before, int[] behind) {
        var padded =
                IntStream.range(0, rank()).filter(i -> before[i] != 0 || behind[i] != 0).toArray();
        if (padded.length == 1) {
            return pad(padded[0], before[padded[0]], behind[padded[0]]);
        }
        var result = this;
        if (Arrays.stream(before).anyMatch(n -> n < 0)
                || Arrays.stream(behind).anyMatch(n -> n < 0)) {
            for (int axis = 0; axis < rank(); axis++) {
                result = result.pad(axis, Math.min(0, before[axis]), Math.min(0, behind[axis]));
            }
        }
        var pads = Arrays.stream(Dims.concat(before, behind)).map(n -> Math.max(0, n)).toArray();
        if (Arrays.stream(pads).allMatch(n -> n == 0)) {
            return result;
        }
        var to = result.dims();
        for (int axis = 0; axis < to.length; axis++) {
            to[axis] += pads[axis] + pads[axis + to.length];
        }
        return tape.emit("Pad", List.of(result, tape.integers(pads)), Map.of(), type, to);
    }

    /** Chosen indices along one axis. */
    public Value gather(int axis, int... indices) {
        return tape.emit(
                "Gather",
                List.of(this, tape.integers(indices)),
                Map.of("axis", new Attribute.OfInt(axis)),
                type,
                Dims.with(dims, axis, indices.length));
    }

    /**
     * Adds each element along an axis to one of a number of places: what undoes a gather.
     *
     * @param places for each index along the axis, the one that it is added to
     * @param length how many places there are; where nothing is added is 0
     * @throws NoGradientException if very many are added to one of very many places
     */
    public Value addTo(int axis, int[] places, int length) {
        if ((long) places.length * length > LARGEST_MATRIX) {
            return addInRounds(axis, places, length);
        }
        var matrix = new float[places.length * length];
        for (int i = 0; i < places.length; i++) {
            matrix[i * length + places[i]] = 1;
        }
        return multiply(axis, matrix, length);
    }

    /** Returns each round gathers one element for each place, or a zero that stands behind the others. */
    private Value addInRounds(int axis, int[] places, int length) {
        var rounds = new ArrayList<int[]>();
        var filled = new int[length];
        for (int i = 0; i < places.length; i++) {
            int round = filled[places[i]]++;
            if (round == MOST_ROUNDS) {
                throw new NoGradientException(
                        "one element is taken over %d times along an axis of %d"
                                .formatted(MOST_ROUNDS, length));
            }
            if (round == rounds.size()) {
                rounds.add(Dims.filled(length, places.length));
            }
            rounds.get(round)[places[i]] = i;
        }
        var behind = pad(axis, 0, 1);
        return rounds.stream()
                .map(round -> behind.gather(axis, round))
                .reduce(Value::plus)
                .orElseGet(() -> tape.zeros(Dims.with(dims, axis, length)));
    }

    // Sums and products.

    private Value reduce(String operator, int... axes) {
        var to = dims.clone();
        for (int axis : axes) {
            to[axis] = 1;
        }
        return axes.length == 0
                ? this
                : tape.emit(operator, List.of(this, tape.integers(axes)), Map.of(), type, to);
    }

    /** Returns the sum along axes, which stay with length 1. */
    public Value sum(int... axes) {
        return reduce("ReduceSum", axes);
    }

    /** Returns the mean along axes, which stay with length 1. */
    public Value mean(int... axes) {
        return reduce("ReduceMean", axes);
    }

    /** Returns the largest along axes, which stay with length 1. */
    public Value largest(int... axes) {
        return reduce("ReduceMax", axes);
    }

    /** Returns the Euclidean norm along axes, which stay with length 1. */
    public Value norm(int... axes) {
        return reduce("ReduceL2", axes);
    }

    /** What undoes broadcasting: the sum of all that was made of one element. */
    public Value sumTo(int... to) {
        int leading = rank() - to.length;
        var axes =
                IntStream.range(0, rank())
                        .filter(i -> i < leading || (to[i - leading] == 1 && dims[i] != 1))
                        .toArray();
        return sum(axes).reshape(to);
    }

    /** Returns the matrix product along the last two axes, those before them broadcast. */
    public Value matmul(Value other) {
        var batch =
                Dims.broadcast(
                        Arrays.copyOf(dims, rank() - 2),
                        Arrays.copyOf(other.dims, other.rank() - 2));
        return tape.emit(
                "MatMul",
                List.of(this, other),
                Map.of(),
                type,
                Dims.concat(batch, new int[] {dims[rank() - 2], other.dims[other.rank() - 1]}));
    }

    /**
     * Returns the product with a constant matrix along one axis.
     *
     * @param axis the axis, whose length is the matrix's number of rows
     * @param matrix row after row
     * @param columns the axis's new length
     */
    public Value multiply(int axis, float[] matrix, int columns) {
        var order = Dims.range(0, rank());
        order[axis] = rank() - 1;
        order[rank() - 1] = axis; // an exchange of two axes, its own inverse
        var factor = tape.constant(Tensor.floats(matrix, dims[axis], columns));
        var moved = transpose(order);
        return tape.emit(
                        "MatMul",
                        List.of(moved, factor),
                        Map.of(),
                        type,
                        Dims.with(moved.dims, rank() - 1, columns))
                .transpose(order);
    }

    private static Attribute attribute(int... values) {
        return new Attribute.OfInts(Arrays.stream(values).asLongStream().boxed().toList());
    }
}
