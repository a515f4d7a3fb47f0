package stir.backend.onnx.gradient;

import java.util.Map;

/** Gradients of sums, means, extremes and norms along axes. */
final class ReductionRules {
    private static final double TINY = 1e-30;

    private ReductionRules() {}

    /** A reduction with its tensors; the reduced axes have length 1. */
    private static final class Reduced {
        private final Value x;
        private final Value y;
        private final Value gradient;
        private final int[] axes;

        Reduced(Value x, Value y, Value gradient, int... axes) {
            this.x = x;
            this.y = y;
            this.gradient = gradient;
            this.axes = axes;
        }

        static Reduced of(Backward node) {
            var x = node.input(0);
            var axes = axes(node);
            var kept = x.dims();
            for (int axis : axes) {
                kept[axis] = 1;
            }
            return new Reduced(
                    x, node.output(0).reshape(kept), node.gradient().reshape(kept), axes);
        }

        private static int[] axes(Backward node) {
            int rank = node.input(0).rank();
            var axes = node.has(1) ? node.integers(1) : new int[0];
            if (axes.length == 0 && node.node().integer("noop_with_empty_axes", 0) == 0) {
                return Dims.range(0, rank);
            }
            return Dims.axes(rank, axes);
        }

        int count() {
            return x.size() / y.size();
        }
    }

    private interface Derivative {
        Value of(Reduced reduced);
    }

    private static GradientRule reduction(Derivative derivative) {
        return node ->
                node.give(0, () -> derivative.of(Reduced.of(node)).expand(node.input(0).dims()));
    }

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("ReduceSum", reduction(r -> r.gradient));
        rules.put("ReduceMean", reduction(r -> r.gradient.times(1.0 / r.count())));
        rules.put("ReduceSumSquare", reduction(r -> r.x.times(r.gradient.times(2))));
        rules.put("ReduceL2", reduction(r -> r.x.times(r.gradient.over(r.y.max(TINY)))));
        rules.put("ReduceL1", reduction(r -> r.x.apply("Sign").times(r.gradient)));
        rules.put("ReduceLogSum", reduction(r -> r.gradient.over(r.y.apply("Exp"))));
        rules.put("ReduceLogSumExp", reduction(r -> r.x.minus(r.y).apply("Exp").times(r.gradient)));
        rules.put("ReduceMax", reduction(ReductionRules::extreme));
        rules.put("ReduceMin", reduction(ReductionRules::extreme));
        rules.put("ReduceProd", reduction(ReductionRules::product));
        rules.put("GlobalAveragePool", ReductionRules::globalAverage);
        rules.put("GlobalMaxPool", ReductionRules::globalMax);
        rules.put("GlobalLpPool", ReductionRules::globalNorm);
    }

    /** Returns the gradient of an extreme; ties share it. */
    private static Value extreme(Reduced reduced) {
        var ones = reduced.x.isEqual(reduced.y).cast(reduced.x.type());
        return ones.times(reduced.gradient.over(ones.sum(reduced.axes)));
    }

    /**
     * Returns the gradient of a product: the product of the other elements. The division is by
     * elements with zeros replaced by 1, and an element has a gradient if no other one is 0.
     */
    private static Value product(Reduced reduced) {
        var zeros = reduced.x.isEqual(reduced.x.tape().scalar(0)).cast(reduced.x.type());
        var filled = reduced.x.plus(zeros);
        var others = filled.product(reduced.axes).over(filled);
        return zeros.sum(reduced.axes).isEqual(zeros).mask(others.times(reduced.gradient));
    }

    private static Reduced global(Backward node) {
        var x = node.input(0);
        return new Reduced(x, node.output(0), node.gradient(), Dims.range(2, x.rank()));
    }

    private static void globalAverage(Backward node) {
        node.give(
                0,
                () -> {
                    var pooled = global(node);
                    return pooled.gradient.times(1.0 / pooled.count()).expand(pooled.x.dims());
                });
    }

    private static void globalMax(Backward node) {
        node.give(0, () -> extreme(global(node)));
    }

    private static void globalNorm(Backward node) {
        double p = node.node().integer("p", 2);
        node.give(
                0,
                () -> {
                    var pooled = global(node);
                    var shares = pooled.gradient.over(pooled.y.max(TINY).power(p - 1));
                    return powerDerivative(pooled.x, p).times(shares);
                });
    }

    /** Returns the derivative of |x|^p / p. */
    static Value powerDerivative(Value x, double p) {
        return p == 2 ? x : x.apply("Sign").times(x.apply("Abs").power(p - 1));
    }
}
