package stir.backend.onnx.graph;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import stir.api.support.Words;

/**
 * A tensor's element type and dimensions.
 *
 * @param dims the dimensions, -1 for an unknown one
 * @param ranked false if the number of dimensions is unknown, too; {@code dims} is then empty
 */
public record TensorType(ElementType type, List<Long> dims, boolean ranked) {
    /** Copies the dimensions. */
    public TensorType {
        dims = List.copyOf(dims);
    }

    /** Returns a type with a known number of dimensions. */
    public static TensorType of(ElementType type, long... dims) {
        return new TensorType(type, Arrays.stream(dims).boxed().toList(), true);
    }

    /** Returns a type of these dimensions. */
    public static TensorType of(ElementType type, int[] dims) {
        return of(type, Arrays.stream(dims).asLongStream().toArray());
    }

    /** Returns a type whose dimensions are unknown. */
    public static TensorType unranked(ElementType type) {
        return new TensorType(type, List.of(), false);
    }

    /** Returns whether every dimension is known. */
    public boolean isStatic() {
        return ranked && dims.stream().allMatch(dim -> dim >= 0);
    }

    /** Returns the number of values of a static type, without overflow. */
    public double size() {
        return dims.stream().mapToDouble(Long::doubleValue).reduce(1, (a, b) -> a * b);
    }

    /** Returns the type in a user's words: {@code float 3x224x224}, {@code a single float}. */
    @Override
    public String toString() {
        var word = Words.of(type);
        if (!ranked) {
            return word + " of unknown shape";
        }
        return dims.isEmpty()
                ? "a single " + word
                : dims.stream()
                        .map(dim -> dim < 0 ? "?" : dim.toString())
                        .collect(Collectors.joining("x", word + " ", ""));
    }

    /** Returns the dimensions as an array. */
    public long[] toLongs() {
        return dims.stream().mapToLong(Long::longValue).toArray();
    }

    /** Returns the dimensions of a static type as integers. */
    public int[] toArray() {
        return dims.stream().mapToInt(Math::toIntExact).toArray();
    }
}
