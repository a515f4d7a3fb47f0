package stir.backend.onnx.gradient;

import static stir.backend.onnx.graph.ElementType.BOOL;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Tensor;

/**
 * A tensor of the graph under construction, with operations on it; those that work element by
 * element broadcast. Each method adds a node, unless it would change nothing.
 */
public final class Value {
    private final Tape tape;

    /** The maximum number of elements of matrices that are written into a graph. */
    private static final int LARGEST_MATRIX = 1 << 20;

    private static final int MAX_ROUNDS = 1024;

    private final String name;
    private final ElementType type;
    private final int[] dims;
    private final Optional<PaddedPart> part;

    Value(Tape tape, String name, ElementType type, int... dims) {
        this(tape, name, type, Optional.empty(), dims);
    }

    private Value(Tape tape, String name, ElementType type, Optional<PaddedPart> part, int... dims) {
        this.tape = tape;
        this.name = name;
        this.type = type;
        this.part = part;
        this.dims = dims.clone();
    }

    /**
     * A value that was padded along an axis.
     *
     * @param start its first index in the padded tensor
     */
    record PaddedPart(Value value, int axis, int start) {}

    /** Returns the value that this was padded from, if it was. */
    Optional<PaddedPart> part() {
        return part;
    }

    /** Returns the tape that records it. */
    Tape tape() {
        return tape;
    }

    /** Returns the tensor's name in the graph. */
    public String name() {
        return name;
    }

    /** Returns the elements' type. */
    public ElementType type() {
        return type;
    }

    /** Returns a copy of the dimensions. */
    public int[] dims() {
        return dims.clone();
    }

    /** Applies an operator that works element by element and has no attributes. */
    public Value apply(String operator) {
        return tape.emit(operator, List.of(this), Map.of(), type, dims);
    }

    private Value with(String operator, Value other, ElementType result) {
        return tape.emit(operator, List.of(this, other), Map.of(), result, Dims.broadcast(dims, other.dims));
    }

    /** Returns the sum, broadcast. */
    public Value plus(Value other) {
        return with("Add", other, type);
    }

    /** Returns the sum with a number. */
    public Value plus(double number) {
        return plus(tape.scalar(number));
    }

    /** Returns the difference, broadcast. */
    public Value minus(Value other) {
        return with("Sub", other, type);
    }

    /** Returns 1 minus this. */
    public Value oneMinus() {
        return tape.scalar(1).minus(this);
    }

    /** Returns the product, broadcast. */
    public Value times(Value other) {
        return with("Mul", other, type);
    }

    /** Returns the product with a number. */
    public Value times(double number) {
        return number == 1 ? this : times(tape.scalar(number));
    }

    /** Returns the quotient, broadcast. */
    public Value over(Value other) {
        return with("Div", other, type);
    }

    /** Returns the element-wise maximum, broadcast. */
    public Value max(Value other) {
        return with("Max", other, type);
    }

    /** Returns the element-wise maximum of this and a number. */
    public Value max(double number) {
        return max(tape.scalar(number));
    }

    /** Returns this raised to the elements of another tensor, broadcast. */
    public Value power(Value exponent) {
        return with("Pow", exponent, type);
    }

    /** Returns this raised to a constant exponent. */
    public Value power(double exponent) {
        return exponent == 1 ? this : power(tape.scalar(exponent));
    }

    /** Returns the element-wise square. */
    public Value square() {
        return times(this);
    }

    /** Returns this with the opposite sign. */
    public Value negative() {
        return apply("Neg");
    }

    /** Returns a mask that is true where this is greater, broadcast. */
    public Value isGreater(Value other) {
        return with("Greater", other, BOOL);
    }

    /** Returns a mask that is true where this is greater than a number. */
    public Value isGreater(double number) {
        return isGreater(tape.scalar(number));
    }

    /** Returns a mask that is true where this is less, broadcast. */
    public Value isLess(Value other) {
        return with("Less", other, BOOL);
    }

    /** Returns a mask that is true where this is less than a number. */
    public Value isLess(double number) {
        return isLess(tape.scalar(number));
    }

    /** Returns a mask that is true where both are equal, broadcast. */
    public Value isEqual(Value other) {
        return with("Equal", other, BOOL);
    }

    /** Returns a mask that is true where both masks are true, broadcast. */
    public Value and(Value other) {
        return with("And", other, BOOL);
    }

    /**
     * Returns the elements of one tensor where this mask is true, and of another where it is false,
     * broadcast.
     */
    public Value choose(Value yes, Value no) {
        return tape.emit(
                "Where",
                List.of(this, yes, no),
                Map.of(),
                yes.type,
                Dims.broadcast(dims, Dims.broadcast(yes.dims, no.dims)));
    }

    /** Returns one number where this mask is true, and another where it is false. */
    public Value choose(double yes, double no) {
        return choose(tape.scalar(yes), tape.scalar(no));
    }

    /** Returns the elements of a tensor where this mask is true, and 0 where it is false. */
    public Value mask(Value value) {
        return choose(value, tape.scalar(0));
    }

    /** Returns the elements converted to another type. */
    public Value cast(ElementType to) {
        return to == type
                ? this
                : tape.emit("Cast", List.of(this), Map.of("to", new Attribute.OfInt(to.code())), to, dims);
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

    /** Permutes the axes. */
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

    /** Exchanges the last two axes. */
    public Value swapLast() {
        var order = Dims.range(0, rank());
        order[rank() - 2] = rank() - 1;
        order[rank() - 1] = rank() - 2;
        return transpose(order);
    }

    /** Repeats this along axes of length 1, and along new ones at the front. */
    public Value expand(int... to) {
        return Arrays.equals(to, dims)
                ? this
                : tape.emit("Expand", List.of(this, tape.integers(to)), Map.of(), type, to);
    }

    /** Returns a range of indices along one axis. */
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

    /** Pads one axis with zeros on both sides; negative numbers remove elements. */
    public Value pad(int axis, int before, int after) {
        var kept = slice(axis, Math.max(0, -before), dims[axis] - Math.max(0, -after));
        if (before <= 0 && after <= 0) {
            return kept;
        }
        var pads = new int[2 * rank()];
        pads[axis] = Math.max(0, before);
        pads[axis + rank()] = Math.max(0, after);
        var padded = tape.emit(
                "Pad",
                List.of(kept, tape.integers(pads)),
                Map.of(),
                type,
                Dims.with(dims, axis, dims[axis] + before + after));
        var origin = new PaddedPart(kept, axis, Math.max(0, before));
        return new Value(tape, padded.name, type, Optional.of(origin), padded.dims);
    }

    /** Pads all axes with zeros on both sides; negative numbers remove elements. */
    public Value pad(int[] before, int[] after) {
        var padded = IntStream.range(0, rank())
                .filter(i -> before[i] != 0 || after[i] != 0)
                .toArray();
        if (padded.length == 1) {
            return pad(padded[0], before[padded[0]], after[padded[0]]);
        }
        var result = this;
        if (Arrays.stream(before).anyMatch(n -> n < 0) || Arrays.stream(after).anyMatch(n -> n < 0)) {
            for (int axis = 0; axis < rank(); axis++) {
                result = result.pad(axis, Math.min(0, before[axis]), Math.min(0, after[axis]));
            }
        }
        var pads = Arrays.stream(Dims.concat(before, after))
                .map(n -> Math.max(0, n))
                .toArray();
        if (Arrays.stream(pads).allMatch(n -> n == 0)) {
            return result;
        }
        var to = result.dims();
        for (int axis = 0; axis < to.length; axis++) {
            to[axis] += pads[axis] + pads[axis + to.length];
        }
        return tape.emit("Pad", List.of(result, tape.integers(pads)), Map.of(), type, to);
    }

    /** Returns selected indices along one axis. */
    public Value gather(int axis, int... indices) {
        return tape.emit(
                "Gather",
                List.of(this, tape.integers(indices)),
                Map.of("axis", new Attribute.OfInt(axis)),
                type,
                Dims.with(dims, axis, indices.length));
    }

    /**
     * Adds each element along an axis to one of a number of places: the transpose of a gather.
     *
     * @param places the target place per index along the axis
     * @param length the number of places; places without elements are 0
     * @throws NoGradientException if too many elements are added to one of too many places
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

    /**
     * Adds elements in rounds, each of which gathers at most one element per place, or else a zero
     * appended to the elements.
     */
    private Value addInRounds(int axis, int[] places, int length) {
        var rounds = new ArrayList<int[]>();
        var filled = new int[length];
        for (int i = 0; i < places.length; i++) {
            int round = filled[places[i]]++;
            if (round == MAX_ROUNDS) {
                throw new NoGradientException(
                        "one element is selected over %d times along an axis of %d".formatted(MAX_ROUNDS, length));
            }
            if (round == rounds.size()) {
                rounds.add(Dims.filled(length, places.length));
            }
            rounds.get(round)[places[i]] = i;
        }
        var after = pad(axis, 0, 1);
        return rounds.stream()
                .map(round -> after.gather(axis, round))
                .reduce(Value::plus)
                .orElseGet(() -> tape.zeros(Dims.with(dims, axis, length)));
    }

    private Value reduce(String operator, int... axes) {
        var to = dims.clone();
        for (int axis : axes) {
            to[axis] = 1;
        }
        return axes.length == 0 ? this : tape.emit(operator, List.of(this, tape.integers(axes)), Map.of(), type, to);
    }

    /** Returns the sum along axes, which keep length 1. */
    public Value sum(int... axes) {
        return reduce("ReduceSum", axes);
    }

    /** Returns the mean along axes, which keep length 1. */
    public Value mean(int... axes) {
        return reduce("ReduceMean", axes);
    }

    /** Returns the maximum along axes, which keep length 1. */
    public Value largest(int... axes) {
        return reduce("ReduceMax", axes);
    }

    /** Returns the product along axes, which keep length 1. */
    public Value product(int... axes) {
        return reduce("ReduceProd", axes);
    }

    /** Returns the Euclidean norm along axes, which keep length 1. */
    public Value norm(int... axes) {
        return reduce("ReduceL2", axes);
    }

    /** Undoes broadcasting: sums over all copies of an element. */
    public Value sumTo(int... to) {
        int leading = rank() - to.length;
        var axes = IntStream.range(0, rank())
                .filter(i -> i < leading || (to[i - leading] == 1 && dims[i] != 1))
                .toArray();
        return sum(axes).reshape(to);
    }

    /** Returns the matrix product over the last two axes, with the others broadcast. */
    public Value matmul(Value other) {
        var batch = Dims.broadcast(Arrays.copyOf(dims, rank() - 2), Arrays.copyOf(other.dims, other.rank() - 2));
        return tape.emit("MatMul", List.of(this, other), Map.of(), type, Dims.concat(batch, new int[] {
            dims[rank() - 2], other.dims[other.rank() - 1]
        }));
    }

    /**
     * Returns the product with a constant matrix along one axis.
     *
     * @param axis the axis, whose length is the matrix's number of rows
     * @param matrix the matrix in row-major order
     * @param columns the axis's new length
     */
    public Value multiply(int axis, float[] matrix, int columns) {
        var order = Dims.range(0, rank());
        order[axis] = rank() - 1;
        order[rank() - 1] = axis; // an exchange of two axes, which is its own inverse
        var factor = tape.constant(Tensor.floats(matrix, dims[axis], columns));
        var moved = transpose(order);
        return tape.emit("MatMul", List.of(moved, factor), Map.of(), type, Dims.with(moved.dims, rank() - 1, columns))
                .transpose(order);
    }

    private static Attribute attribute(int... values) {
        return new Attribute.OfInts(Arrays.stream(values).asLongStream().boxed().toList());
    }
}
