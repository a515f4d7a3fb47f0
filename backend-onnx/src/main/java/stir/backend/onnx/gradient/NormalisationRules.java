package stir.backend.onnx.gradient;

import static stir.backend.onnx.gradient.GradientRule.ofFirst;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Tensor;

/** Gradients of normalisations and of softmax. */
final class NormalisationRules {
    /** ONNX's default for the attribute {@code epsilon}. */
    private static final float EPSILON = 1e-5f;

    /** The lower bound of norms in divisions, so that zeros have no gradient of NaN. */
    private static final double TINY = 1e-30;

    private NormalisationRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Softmax", ofFirst(NormalisationRules::softmax));
        rules.put("LogSoftmax", ofFirst(NormalisationRules::logSoftmax));
        rules.put("BatchNormalization", scaled(NormalisationRules::batch));
        rules.put("LayerNormalization", scaled(NormalisationRules::layer));
        rules.put("InstanceNormalization", scaled(NormalisationRules::instance));
        rules.put("GroupNormalization", scaled(NormalisationRules::group));
        rules.put("RMSNormalization", scaled(NormalisationRules::rootMeanSquare));
        rules.put("SimplifiedLayerNormalization", scaled(NormalisationRules::rootMeanSquare));
        rules.put("MeanVarianceNormalization", ofFirst(NormalisationRules::meanVariance));
        rules.put("LRN", ofFirst(NormalisationRules::localResponse));
        rules.put("LpNormalization", ofFirst(NormalisationRules::norm));
    }

    private static GradientRule scaled(Function<Backward, Value> gradient) {
        return GradientRule.ofFirstAlone("its scale or offset", gradient);
    }

    private static int axis(Backward node) {
        return Dims.unsorted(node.input(0).rank(), (int) node.node().integer("axis", -1))[0];
    }

    private static double epsilon(Backward node) {
        return node.node().real("epsilon", EPSILON);
    }

    private static Value softmax(Backward node) {
        var y = node.output(0);
        var weighted = node.gradient().times(y);
        return weighted.minus(y.times(weighted.sum(axis(node))));
    }

    private static Value logSoftmax(Backward node) {
        var gradient = node.gradient();
        return gradient.minus(node.output(0).apply("Exp").times(gradient.sum(axis(node))));
    }

    private static int[] perChannel(Value x) {
        var dims = Dims.filled(x.rank() - 1, 1);
        dims[0] = x.dim(1);
        return dims;
    }

    private static Value batch(Backward node) {
        var deviation = node.input(4).plus(epsilon(node)).apply("Sqrt");
        var factor = node.input(1).over(deviation).reshape(perChannel(node.input(0)));
        return node.gradient().times(factor);
    }

    /**
     * Propagates through a layer normalisation; the forward pass provides the mean and the
     * reciprocal of the standard deviation.
     */
    private static Value layer(Backward node) {
        var x = node.input(0);
        var axes = Dims.range(axis(node), x.rank());
        var kept = x.dims();
        Arrays.fill(kept, axis(node), x.rank(), 1);
        var mean = node.extraOutput(1, ElementType.FLOAT, kept);
        var inverse = node.extraOutput(2, ElementType.FLOAT, kept);
        var scaled = node.has(1) ? node.gradient().times(node.input(1)) : node.gradient();
        return standardised(x.minus(mean).times(inverse), inverse, scaled, axes);
    }

    /**
     * Returns the gradient of a standardisation.
     *
     * @param y the standardised values
     * @param inverse the reciprocal of the standard deviation
     * @param gradient the gradient with respect to {@code y}
     */
    private static Value standardised(Value y, Value inverse, Value gradient, int[] axes) {
        return gradient.minus(gradient.mean(axes))
                .minus(y.times(gradient.times(y).mean(axes)))
                .times(inverse);
    }

    private static Value standardised(Value x, Value gradient, double epsilon, int... axes) {
        var centred = x.minus(x.mean(axes));
        var inverse = inverseRms(centred, epsilon, axes);
        return standardised(centred.times(inverse), inverse, gradient, axes);
    }

    /** Returns 1 / sqrt(mean(x^2) + epsilon). */
    private static Value inverseRms(Value x, double epsilon, int... axes) {
        return x.square().mean(axes).plus(epsilon).apply("Sqrt").apply("Reciprocal");
    }

    private static Value instance(Backward node) {
        var x = node.input(0);
        var scaled = node.gradient().times(node.input(1).reshape(perChannel(x)));
        return standardised(x, scaled, epsilon(node), Dims.range(2, x.rank()));
    }

    /**
     * Propagates through a group normalisation, which has one scale per group up to opset 20 and
     * one per channel from 21 on.
     */
    private static Value group(Backward node) {
        var x = node.input(0);
        int groups = (int) node.node().integer("num_groups", 1);
        int each = x.dim(1) / groups;
        var scale = node.input(1);
        var channels =
                scale.size() == x.dim(1) ? scale : scale.reshape(groups, 1).expand(groups, each);
        var scaled = node.gradient().times(channels.reshape(perChannel(x)));
        int[] grouped = {x.dim(0), groups, x.size() / x.dim(0) / groups};
        return standardised(x.reshape(grouped), scaled.reshape(grouped), epsilon(node), 2)
                .reshape(x.dims());
    }

    private static Value rootMeanSquare(Backward node) {
        var x = node.input(0);
        var axes = Dims.range(axis(node), x.rank());
        var inverse = inverseRms(x, epsilon(node), axes);
        var y = x.times(inverse);
        var scaled = node.gradient().times(node.input(1));
        return scaled.minus(y.times(scaled.times(y).mean(axes))).times(inverse);
    }

    private static Value meanVariance(Backward node) {
        var axes = Dims.axes(node.input(0).rank(), node.node().integers("axes", 0, 2, 3));
        return standardised(node.input(0), node.gradient(), 1e-9, axes);
    }

    /**
     * Propagates through y = x d^-beta with d = bias + alpha / size times the sum of squares of
     * neighbouring channels.
     */
    private static Value localResponse(Backward node) {
        var x = node.input(0);
        int size = (int) node.node().integer("size", 1);
        double alpha = node.node().real("alpha", 1e-4f);
        double beta = node.node().real("beta", 0.75f);
        int before = (size - 1) / 2;
        int after = size / 2;
        var d = channelMean(x.square(), size, before, after)
                .times(alpha)
                .plus(node.node().real("bias", 1));
        var direct = node.gradient().times(d.power(-beta));
        var others = channelMean(direct.times(x).over(d), size, after, before);
        return direct.minus(x.times(2 * alpha * beta).times(others));
    }

    /**
     * Returns the sum over neighbouring channels divided by the window's size, computed by a
     * convolution along channels.
     */
    private static Value channelMean(Value x, int size, int before, int after) {
        var kernel = new float[size];
        Arrays.fill(kernel, 1f / size);
        int[] image = {x.dim(0), 1, x.dim(1), x.size() / x.dim(0) / x.dim(1)};
        var settings = new AttributeBuilder().with("kernel_shape", size, 1).with("pads", before, 0, after, 0);
        var tape = x.tape();
        var factor = tape.constant(Tensor.floats(kernel, 1, 1, size, 1));
        return tape.emit("Conv", List.of(x.reshape(image), factor), settings.done(), image)
                .reshape(x.dims());
    }

    private static Value norm(Backward node) {
        int axis = axis(node);
        var x = node.input(0);
        var y = node.output(0);
        var gradient = node.gradient();
        var projected = gradient.times(y).sum(axis);
        if (node.node().integer("p", 2) == 1) {
            var norm = x.apply("Abs").sum(axis).max(TINY);
            return gradient.minus(x.apply("Sign").times(projected)).over(norm);
        }
        return gradient.minus(y.times(projected)).over(x.norm(axis).max(TINY));
    }
}
