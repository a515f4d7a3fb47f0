package stir.backend.onnx.gradient;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Arithmetic with dimensions. */
final class Dims {
    private Dims() {}

    static int size(int... dims) {
        return Arrays.stream(dims).reduce(1, Math::multiplyExact);
    }

    /** Returns the dimensions of an element-wise operation, as NumPy broadcasts them. */
    static int[] broadcast(int[] a, int[] b) {
        var result = new int[Math.max(a.length, b.length)];
        for (int i = 0; i < result.length; i++) {
            int left = i < result.length - a.length ? 1 : a[i - result.length + a.length];
            int right = i < result.length - b.length ? 1 : b[i - result.length + b.length];
            result[i] = left == 1 ? right : left;
        }
        return result;
    }

    static int[] with(int[] dims, int axis, int dim) {
        var changed = dims.clone();
        changed[axis] = dim;
        return changed;
    }

    static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
    }

    static int[] filled(int length, int value) {
        var array = new int[length];
        Arrays.fill(array, value);
        return array;
    }

    static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }

    /** Returns axes counted from the front, in ascending order. */
    static int[] axes(int rank, int... axes) {
        return Arrays.stream(unsorted(rank, axes)).sorted().toArray();
    }

    /** Returns axes counted from the front, in the given order. */
    static int[] unsorted(int rank, int... axes) {
        return Arrays.stream(axes).map(axis -> axis < 0 ? axis + rank : axis).toArray();
    }

    /** Returns the inverse of a permutation. */
    static int[] inverse(int[] permutation) {
        var inverse = new int[permutation.length];
        for (int i = 0; i < inverse.length; i++) {
            inverse[permutation[i]] = i;
        }
        return inverse;
    }

    static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
