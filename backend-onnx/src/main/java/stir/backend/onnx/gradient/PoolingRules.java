package stir.backend.onnx.gradient;

import static stir.backend.onnx.gradient.GradientRule.ofFirst;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Tensor;

/** Gradients of pooling over windows. */
final class PoolingRules {
    /** The lower bound of norms in divisions, so that windows of zeros have no gradient of NaN. */
    private static final double TINY = 1e-30;

    private PoolingRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("MaxPool", ofFirst(PoolingRules::max));
        rules.put("AveragePool", ofFirst(PoolingRules::average));
        rules.put("LpPool", ofFirst(PoolingRules::norm));
    }

    private static SlidingWindow window(Backward node) {
        return SlidingWindow.of(
                node.node(), node.node().integers("kernel_shape"), ConvolutionRules.spatial(node.input(0)));
    }

    /**
     * Propagates through maximum pooling. The forward pass provides the position of each maximum;
     * of equal maxima it is the first, as in PyTorch.
     */
    private static Value max(Backward node) {
        if (node.node().integer("storage_order", 0) != 0) {
            throw node.refuse("its indices are in column-major order");
        }
        var x = node.input(0);
        var gradient = node.gradient();
        var indices = node.extraOutput(1, ElementType.INT64, gradient.dims());
        var window = window(node);
        return window.tiles() && x.rank() == 4
                ? unpooled(gradient, indices, window, x)
                : scattered(gradient, indices, x);
    }

    /** Scatters the gradient of disjoint windows, for which MaxUnpool is the fastest operator. */
    private static Value unpooled(Value gradient, Value indices, SlidingWindow window, Value x) {
        var settings =
                new AttributeBuilder().with("kernel_shape", window.kernel()).with("strides", window.strides());
        var tape = x.tape();
        var operands = List.of(gradient, indices, tape.integers(x.dims()));
        return tape.emit("MaxUnpool", operands, settings.done(), x.dims());
    }

    private static Value scattered(Value gradient, Value indices, Value x) {
        var tape = x.tape();
        var operands =
                List.of(tape.zeros(x.size()), indices.reshape(gradient.size()), gradient.reshape(gradient.size()));
        var settings =
                new AttributeBuilder().with("axis", 0L).with("reduction", "add").done();
        return tape.emit("ScatterElements", operands, settings, x.size()).reshape(x.dims());
    }

    private static Value average(Backward node) {
        var window = window(node);
        var counts = counts(node, window);
        if (counts.length == 0) {
            throw new NoGradientException(node.node() + " has no windows");
        }
        var weights = new float[counts.length];
        boolean uniform = true;
        for (int i = 0; i < counts.length; i++) {
            weights[i] = 1f / counts[i];
            uniform &= counts[i] == counts[0];
        }
        var gradient = node.gradient();
        if (uniform) {
            return spread(node, gradient.times(weights[0]), window);
        }
        var factors = Tensor.floats(weights, ConvolutionRules.spatial(gradient));
        return spread(node, gradient.times(node.tape().constant(factors)), window);
    }

    /**
     * Returns the number of elements that each window averages, in row-major order of the windows.
     */
    private static int[] counts(Backward node, SlidingWindow window) {
        boolean padding = node.node().integer("count_include_pad", 0) != 0;
        var outputs = ConvolutionRules.spatial(node.gradient());
        var counts = new int[] {1};
        for (int axis = 0; axis < window.axes(); axis++) {
            int length = node.input(0).dim(2 + axis);
            int lowest = padding ? -window.begin()[axis] : 0;
            int highest = padding ? length + window.end()[axis] : length;
            var longer = new int[counts.length * outputs[axis]];
            for (int o = 0; o < outputs[axis]; o++) {
                int inside = 0;
                for (int t = 0; t < window.kernel()[axis]; t++) {
                    int at = o * window.strides()[axis] + t * window.dilations()[axis] - window.begin()[axis];
                    inside += at >= lowest && at < highest ? 1 : 0;
                }
                for (int i = 0; i < counts.length; i++) {
                    longer[i * outputs[axis] + o] = counts[i] * inside;
                }
            }
            counts = longer;
        }
        return counts;
    }

    /** Adds each window's value to all elements that it covers. */
    private static Value spread(Backward node, Value share, SlidingWindow window) {
        var x = node.input(0);
        if (window.tiles()) {
            return repeat(share, window, x);
        }
        int channels = x.dim(1);
        var kernel = new float[channels * Dims.size(window.kernel())];
        Arrays.fill(kernel, 1);
        var dims = Dims.concat(new int[] {channels, 1}, window.kernel());
        return ConvolutionRules.inputGradient(
                node, share, node.tape().constant(Tensor.floats(kernel, dims)), window, channels);
    }

    private static Value repeat(Value share, SlidingWindow window, Value x) {
        var repeated = share;
        for (int axis = 2; axis < x.rank(); axis++) {
            int times = window.kernel()[axis - 2];
            var dims = repeated.dims();
            var head = Arrays.copyOf(dims, axis + 1);
            var tail = Arrays.copyOfRange(dims, axis + 1, dims.length);
            int length = dims[axis] * times;
            repeated = repeated.reshape(Dims.concat(head, new int[] {1}, tail))
                    .expand(Dims.concat(head, new int[] {times}, tail))
                    .reshape(Dims.with(dims, axis, length))
                    .pad(axis, 0, x.dim(axis) - length);
        }
        return repeated;
    }

    private static Value norm(Backward node) {
        double p = node.node().integer("p", 2);
        var share = node.gradient().over(node.output(0).max(TINY).power(p - 1));
        return ReductionRules.powerDerivative(node.input(0), p).times(spread(node, share, window(node)));
    }
}
