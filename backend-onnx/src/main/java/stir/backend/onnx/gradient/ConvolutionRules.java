package stir.backend.onnx.gradient;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;

/** Gradients of convolutions. */
final class ConvolutionRules {
    /**
     * The number of input channels from which a plain convolution is faster on a CPU than a
     * transposed one, which multiplies matrices and then adds up their columns.
     */
    private static final int FAST_CHANNELS = 16;

    private ConvolutionRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Conv", ofConstantKernel(ConvolutionRules::convolution));
        rules.put("ConvTranspose", ofConstantKernel(ConvolutionRules::transposed));
        rules.put("Col2Im", GradientRule.ofFirst(ConvolutionRules::columns));
    }

    private static GradientRule ofConstantKernel(Function<Backward, Value> gradient) {
        return GradientRule.ofFirstAlone("its kernel or bias", gradient);
    }

    /** Refuses inconsistent ranks, which the runtime would refuse only when it runs the node. */
    private static void refuseOtherRanks(Backward node) {
        int rank = node.input(0).rank();
        int axes = rank - 2;
        if (rank < 3 || node.input(1).rank() != rank) {
            throw node.refuse("its weights have %d dimensions and its input has %d"
                    .formatted(node.input(1).rank(), rank));
        }
        for (var list : List.of("strides", "dilations", "kernel_shape", "output_padding")) {
            refuseOtherLength(node, list, axes);
        }
        refuseOtherLength(node, "pads", 2 * axes);
        var kernel = spatial(node.input(1));
        if (!Arrays.equals(kernel, node.node().integers("kernel_shape", kernel))) {
            throw node.refuse("its weights do not have the size of its kernel_shape");
        }
    }

    private static void refuseOtherLength(Backward node, String list, int length) {
        int given = node.node().integers(list, new int[length]).length;
        if (given != length) {
            throw node.refuse("its attribute '%s' has %d numbers instead of %d".formatted(list, given, length));
        }
    }

    private static Value convolution(Backward node) {
        refuseOtherRanks(node);
        var x = node.input(0);
        var kernel = node.input(1);
        var window = SlidingWindow.of(node.node(), spatial(kernel), spatial(x));
        int group = (int) node.node().integer("group", 1);
        if (kernel.dim(1) * group != x.dim(1)) {
            throw node.refuse(
                    "its weights are for %d channels and its input has %d".formatted(kernel.dim(1) * group, x.dim(1)));
        }
        return inputGradient(node, node.gradient(), kernel, window, group);
    }

    static int[] spatial(Value value) {
        return Arrays.copyOfRange(value.dims(), 2, value.rank());
    }

    /**
     * Returns the gradient of a convolution with respect to its input.
     *
     * @param node the node whose first input the gradient is for
     * @param gradient the gradient with respect to the convolution's output
     * @param kernel {@code [outputs, inputs / group, spatial...]}
     */
    static Value inputGradient(Backward node, Value gradient, Value kernel, SlidingWindow window, int group) {
        var x = node.input(0);
        return !window.hasStride() && x.dim(1) >= FAST_CHANNELS
                ? flipped(gradient, kernel, window, group, x)
                : scattered(gradient, kernel, window, group, x);
    }

    /**
     * Returns the gradient as a transposed convolution, which adds each output's gradient, times
     * the kernel, to its window.
     */
    private static Value scattered(Value gradient, Value kernel, SlidingWindow window, int group, Value x) {
        var ends = new int[window.axes()];
        var missing = new int[window.axes()];
        for (int i = 0; i < ends.length; i++) {
            int reach = window.reach(i, gradient.dim(2 + i));
            ends[i] = Math.max(0, reach - x.dim(2 + i));
            missing[i] = Math.max(0, x.dim(2 + i) - reach);
        }
        return emit(
                "ConvTranspose",
                gradient,
                kernel,
                settings(window, ends, window.begin(), group).with("output_padding", missing),
                x.dims());
    }

    /**
     * Returns the gradient as a convolution with the kernel flipped and its channels exchanged;
     * requires strides of 1.
     */
    private static Value flipped(Value gradient, Value kernel, SlidingWindow window, int group, Value x) {
        var begin = new int[window.axes()];
        var end = new int[window.axes()];
        for (int i = 0; i < begin.length; i++) {
            int length = gradient.dim(2 + i);
            begin[i] = window.dilations()[i] * (window.kernel()[i] - 1) - window.begin()[i];
            end[i] = x.dim(2 + i) - length + window.begin()[i];
        }
        var padded = crop(gradient, begin, end);
        var settings = settings(window, positive(end), positive(begin), group);
        return emit("Conv", padded, exchange(kernel, group), settings, x.dims());
    }

    private static Value crop(Value gradient, int[] begin, int[] end) {
        var cropped = gradient;
        for (int i = 0; i < begin.length; i++) {
            cropped = cropped.pad(2 + i, Math.min(0, begin[i]), Math.min(0, end[i]));
        }
        return cropped;
    }

    private static int[] positive(int[] values) {
        return Arrays.stream(values).map(value -> Math.max(0, value)).toArray();
    }

    /**
     * Flips a kernel and exchanges its channels: constant arithmetic that the runtime does once
     * when it loads the graph.
     */
    private static Value exchange(Value kernel, int group) {
        var dims = kernel.dims();
        var spatial = spatial(kernel);
        int outputs = dims[0] / group;
        int inputs = dims[1];
        var order = Dims.range(0, kernel.rank() + 1);
        order[1] = 2;
        order[2] = 1;
        var exchanged = kernel.reshape(Dims.concat(new int[] {group, outputs, inputs}, spatial))
                .transpose(order)
                .reshape(Dims.concat(new int[] {group * inputs, outputs}, spatial));
        for (int i = 0; i < spatial.length; i++) {
            int length = spatial[i];
            if (length > 1) {
                exchanged = exchanged.gather(2 + i, reversed(length));
            }
        }
        return exchanged;
    }

    private static int[] reversed(int length) {
        return Arrays.stream(Dims.range(0, length)).map(i -> length - 1 - i).toArray();
    }

    private static AttributeBuilder settings(SlidingWindow window, int[] end, int[] begin, int group) {
        return new AttributeBuilder()
                .with("kernel_shape", window.kernel())
                .with("strides", window.strides())
                .with("dilations", window.dilations())
                .with("pads", Dims.concat(begin, end))
                .with("group", group);
    }

    private static Value emit(String operator, Value gradient, Value kernel, AttributeBuilder settings, int[] dims) {
        return gradient.tape().emit(operator, List.of(gradient, kernel), settings.done(), dims);
    }

    /**
     * Propagates through a transposed convolution. It is the gradient of a convolution, which
     * therefore is its own gradient.
     */
    private static Value transposed(Backward node) {
        refuseOtherRanks(node);
        var x = node.input(0);
        var y = node.output(0);
        var kernel = node.input(1);
        var window = transposedWindow(node.node(), kernel, x, y);
        var end = new int[window.axes()];
        for (int i = 0; i < end.length; i++) {
            end[i] = window.reach(i, x.dim(2 + i)) - y.dim(2 + i);
        }
        var gradient = crop(node.gradient(), Dims.filled(end.length, 0), end);
        int group = (int) node.node().integer("group", 1);
        var settings = settings(window, positive(end), window.begin(), group);
        return emit("Conv", gradient, kernel, settings, x.dims());
    }

    /**
     * Returns the window of a transposed convolution. Automatic pads follow from the output's
     * length, as ONNX defines them.
     */
    private static SlidingWindow transposedWindow(Node node, Value kernel, Value x, Value y) {
        var automatic = node.text("auto_pad", "NOTSET");
        var window = SlidingWindow.of(node.without("auto_pad"), spatial(kernel), spatial(x));
        if (!automatic.startsWith("SAME") && !node.attributes().containsKey("output_shape")) {
            return window;
        }
        var extra = node.integers("output_padding", Dims.filled(window.axes(), 0));
        var begin = window.begin().clone();
        for (int i = 0; i < begin.length; i++) {
            int whole = window.reach(i, x.dim(2 + i)) + begin[i] + extra[i];
            int total = Math.max(0, whole - y.dim(2 + i));
            begin[i] = automatic.equals("SAME_UPPER") ? total / 2 : total - total / 2;
        }
        return window.withBegin(begin);
    }

    /**
     * Propagates through Col2Im, which adds up columns to images. The gradient's columns are
     * extracted by a convolution whose kernels are each 1 at one place.
     */
    private static Value columns(Backward node) {
        var block = node.integers(2);
        var x = node.input(0);
        var y = node.output(0);
        if (block.length == 0 || y.rank() != block.length + 2 || x.rank() != 3) {
            throw node.refuse("its blocks are of %d dimensions".formatted(block.length));
        }
        var window = SlidingWindow.of(node.node(), block, spatial(y));
        int channels = y.dim(1);
        int places = Dims.size(block);
        var ones = new float[channels * places * places];
        for (int i = 0; i < channels * places; i++) {
            ones[i * places + i % places] = 1;
        }
        var dims = Dims.concat(new int[] {x.dim(0), x.dim(1)}, block);
        for (int i = 0; i < block.length; i++) {
            int free = y.dim(2 + i) + window.end()[i] - window.reach(i, 1);
            dims[2 + i] = free / window.strides()[i] + 1;
        }
        var kernel = Tensor.floats(ones, Dims.concat(new int[] {channels * places, 1}, block));
        var settings = settings(window, window.end(), window.begin(), channels);
        return emit("Conv", node.gradient(), node.tape().constant(kernel), settings, dims)
                .reshape(x.dims());
    }
}
