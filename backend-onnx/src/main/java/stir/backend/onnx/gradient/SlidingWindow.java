package stir.backend.onnx.gradient;

import java.util.Arrays;
import stir.backend.onnx.graph.Node;

/**
 * The windows of a convolution or pooling along the spatial axes: window {@code o} covers the
 * positions {@code o * stride + t * dilation - begin} for {@code t} below the kernel's length.
 *
 * @param kernel the windows' lengths
 * @param strides the distances between windows
 * @param dilations the distances within a window
 * @param begin the padding at the beginning of each axis
 * @param end the padding at the end of each axis
 */
@SuppressWarnings("ArrayRecordComponent") // not compared, and used within one rule
record SlidingWindow(int[] kernel, int[] strides, int[] dilations, int[] begin, int[] end) {
    /**
     * Reads a node's attributes.
     *
     * @param kernel the kernel's spatial dimensions
     * @param lengths the input's spatial dimensions
     * @throws NoGradientException if the numbers of axes differ
     */
    static SlidingWindow of(Node node, int[] kernel, int[] lengths) {
        int axes = kernel.length;
        var strides = node.integers("strides", Dims.filled(axes, 1));
        var dilations = node.integers("dilations", Dims.filled(axes, 1));
        var pads = node.integers("pads", Dims.filled(2 * axes, 0));
        if (axes != lengths.length || axes != strides.length || axes != dilations.length || 2 * axes != pads.length) {
            throw new NoGradientException(
                    "the windows of %s and its input have different numbers of axes".formatted(node));
        }
        var automatic = node.text("auto_pad", "NOTSET");
        if (automatic.equals("VALID")) {
            pads = Dims.filled(2 * axes, 0);
        } else if (automatic.startsWith("SAME")) {
            for (int i = 0; i < axes; i++) {
                int outputs = Math.floorDiv(lengths[i] - 1, strides[i]) + 1;
                int reach = (outputs - 1) * strides[i] + dilations[i] * (kernel[i] - 1) + 1;
                int total = Math.max(0, reach - lengths[i]);
                int smaller = total / 2;
                pads[i] = automatic.equals("SAME_UPPER") ? smaller : total - smaller;
                pads[i + axes] = total - pads[i];
            }
        }
        return new SlidingWindow(
                kernel, strides, dilations, Arrays.copyOf(pads, axes), Arrays.copyOfRange(pads, axes, 2 * axes));
    }

    /** Returns a copy of these windows with other padding at the beginning. */
    SlidingWindow withBegin(int... newBegin) {
        return new SlidingWindow(kernel, strides, dilations, newBegin, end);
    }

    int axes() {
        return kernel.length;
    }

    /**
     * Returns the position after the last element that the first windows cover, counted from the
     * input's first element.
     */
    int reach(int axis, int windows) {
        return (windows - 1) * strides[axis] + dilations[axis] * (kernel[axis] - 1) + 1 - begin[axis];
    }

    boolean hasStride() {
        return Arrays.stream(strides).anyMatch(stride -> stride != 1);
    }

    /** Returns whether the windows are adjacent, without gaps, overlap or leading padding. */
    boolean tiles() {
        return Arrays.equals(kernel, strides)
                && Arrays.stream(dilations).allMatch(dilation -> dilation == 1)
                && Arrays.stream(begin).allMatch(pad -> pad == 0);
    }
}
