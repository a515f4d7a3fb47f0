package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Gradients of normalisations and of softmax. */
final class NormalisationRules {
    private static final float EPSILON = 1e-5f;
    private static final double TINY = 1e-30;

    private NormalisationRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Softmax", NormalisationRules::softmax);
        rules.put("LogSoftmax", NormalisationRules::logSoftmax);
        rules.put("BatchNormalization", NormalisationRules::batch);
        rules.put("LayerNormalization", NormalisationRules::layer);
        rules.put("InstanceNormalization", NormalisationRules::instance);
        rules.put("GroupNormalization", NormalisationRules::group);
        rules.put("RMSNormalization", NormalisationRules::rootMeanSquare);
        rules.put("SimplifiedLayerNormalization", NormalisationRules::rootMeanSquare);
        rules.put("MeanVarianceNormalization", NormalisationRules::meanVariance);
        rules.put("LRN", NormalisationRules::localResponse);
        rules.put("LpNormalization", NormalisationRules::norm);
    }

    private static int axis(Backward node) {
        return Dims.unsorted(node.input(0).rank(), (int) node.node().integer("axis", -1))[0];
    }

    private static double epsilon(Backward node) {
        return node.node().real("epsilon", EPSILON);
    }

    private static void softmax(Backward node) {
        node.give(
                0,
                () -> {
                    var y = node.output(0);
                    var weighted = node.gradient().times(y);
                    return weighted.minus(y.times(weighted.sum(axis(node))));
                });
    }

    private static void logSoftmax(Backward node) {
        node.give(
                0,
                () -> {
                    var gradient = node.gradient();
                    var share = node.output(0).apply("Exp").times(gradient.sum(axis(node)));
                    return gradient.minus(share);
                });
    }

    private static void refuseRunTimeScale(Backward node) {
        for (int i = 1; i < node.node().inputs().size(); i++) {
            if (node.wants(i)) {
                throw node.refuse("its scale or offset depends on the model's input");
            }
        }
    }

    private static int[] perChannel(Value x) {
        var dims = Dims.filled(x.rank() - 1, 1);
        dims[0] = x.dim(1);
        return dims;
    }

    private static void batch(Backward node) {
        refuseRunTimeScale(node);
        node.give(
                0,
                () -> {
                    var deviation = node.input(4).plus(epsilon(node)).apply("Sqrt");
                    var factor = node.input(1).over(deviation).reshape(perChannel(node.input(0)));
                    return node.gradient().times(factor);
                });
    }

    /** Propagates through a layer normalisation; the forward pass provides mean and deviation. */
    private static void layer(Backward node) {
        refuseRunTimeScale(node);
        node.give(
                0,
                () -> {
                    var x = node.input(0);
                    var axes = Dims.range(axis(node), x.rank());
                    var kept = x.dims();
                    Arrays.fill(kept, axis(node), x.rank(), 1);
                    var mean = node.extraOutput(1, ElementType.FLOAT, kept);
                    var inverse = node.extraOutput(2, ElementType.FLOAT, kept);
                    var scaled =
                            node.has(1) ? node.gradient().times(node.input(1)) : node.gradient();
                    return standardised(x.minus(mean).times(inverse), inverse, scaled, axes);
                });
    }

    /**
     * Returns the gradient of a standardisation.
     *
     * @param y the standardised values
     * @param inverse the reciprocal of the deviation
     * @param gradient the gradient with respect to {@code y}
     */
    private static Value standardised(Value y, Value inverse, Value gradient, int[] axes) {
        return gradient.minus(gradient.mean(axes))
                .minus(y.times(gradient.times(y).mean(axes)))
                .times(inverse);
    }

    private static Value standardised(Value x, Value gradient, double epsilon, int... axes) {
        var centred = x.minus(x.mean(axes));
        var inverse = centred.square().mean(axes).plus(epsilon).apply("Sqrt").apply("Reciprocal");
        return standardised(centred.times(inverse), inverse, gradient, axes);
    }

    private static void instance(Backward node) {
        refuseRunTimeScale(node);
        node.give(
                0,
                () -> {
                    var x = node.input(0);
                    var scaled = node.gradient().times(node.input(1).reshape(perChannel(x)));
                    return standardised(x, scaled, epsilon(node), Dims.range(2, x.rank()));
                });
    }

    /**
     * Propagates through a group normalisation, which has one scale per group up to opset 20 and
     * one per channel from 21 on.
     */
    private static void group(Backward node) {
        refuseRunTimeScale(node);
        node.give(
                0,
                () -> {
                    var x = node.input(0);
                    int groups = (int) node.node().integer("num_groups", 1);
                    int each = x.dim(1) / groups;
                    var scale = node.input(1);
                    var channels =
                            scale.size() == x.dim(1)
                                    ? scale
                                    : scale.reshape(groups, 1).expand(groups, each);
                    var scaled = node.gradient().times(channels.reshape(perChannel(x)));
                    int size = x.size() / x.dim(0) / groups;
                    return standardised(
                                    x.reshape(x.dim(0), groups, size),
                                    scaled.reshape(x.dim(0), groups, size),
                                    epsilon(node),
                                    2)
                            .reshape(x.dims());
                });
    }

    private static void rootMeanSquare(Backward node) {
        refuseRunTimeScale(node);
        node.give(
                0,
                () -> {
                    var x = node.input(0);
                    var axes = Dims.range(axis(node), x.rank());
                    var inverse =
                            x.square()
                                    .mean(axes)
                                    .plus(epsilon(node))
                                    .apply("Sqrt")
                                    .apply("Reciprocal");
                    var y = x.times(inverse);
                    var scaled = node.gradient().times(node.input(1));
                    return scaled.minus(y.times(scaled.times(y).mean(axes))).times(inverse);
                });
    }

    private static void meanVariance(Backward node) {
        var axes = Dims.axes(node.input(0).rank(), node.node().integers("axes", 0, 2, 3));
        node.give(0, () -> standardised(node.input(0), node.gradient(), 1e-9, axes));
    }

    /**
     * Propagates through y = x d^-beta with d = bias + alpha / size times the sum of squares of
     * neighbouring channels.
     */
    private static void localResponse(Backward node) {
        var x = node.input(0);
        int size = (int) node.node().integer("size", 1);
        double alpha = node.node().real("alpha", 1e-4f);
        double beta = node.node().real("beta", 0.75f);
        int before = (size - 1) / 2;
        int after = size / 2;
        node.give(
                0,
                () -> {
                    var d =
                            nearMean(x.square(), size, before, after)
                                    .times(alpha)
                                    .plus(node.node().real("bias", 1));
                    var direct = node.gradient().times(d.power(-beta));
                    var others = nearMean(direct.times(x).over(d), size, after, before);
                    return direct.minus(x.times(2 * alpha * beta).times(others));
                });
    }

    /**
     * Returns the sum over neighbouring channels divided by the window's size, as a convolution
     * along channels.
     */
    private static Value nearMean(Value x, int size, int before, int after) {
        var kernel = new float[size];
        Arrays.fill(kernel, 1f / size);
        int[] image = {x.dim(0), 1, x.dim(1), x.size() / x.dim(0) / x.dim(1)};
        var settings =
                new Settings().with("kernel_shape", size, 1).with("pads", before, 0, after, 0);
        return x.tape()
                .emit(
                        "Conv",
                        List.of(
                                x.reshape(image),
                                x.tape().constant(Tensor.floats(kernel, 1, 1, size, 1))),
                        settings.done(),
                        image)
                .reshape(x.dims());
    }

    private static void norm(Backward node) {
        int axis = axis(node);
        long p = node.node().integer("p", 2);
        node.give(
                0,
                () -> {
                    var x = node.input(0);
                    var y = node.output(0);
                    var gradient = node.gradient();
                    var projected = gradient.times(y).sum(axis);
                    if (p == 1) {
                        var norm = x.apply("Abs").sum(axis).max(TINY);
                        return gradient.minus(x.apply("Sign").times(projected)).over(norm);
                    }
                    return gradient.minus(y.times(projected)).over(x.norm(axis).max(TINY));
                });
    }
}
