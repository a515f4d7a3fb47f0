package stir.backend.onnx.gradient;

import static stir.backend.onnx.gradient.GradientRule.ofFirst;

import java.util.Map;
import java.util.function.Function;

/** Gradients of sums, means, extremes and norms along axes. */
final class ReductionRules {
    private static final double TINY = 1e-30;

    private ReductionRules() {}

    /** A reduction with its tensors; the reduced axes have length 1. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Reduction(Value x, Value y, Value gradient, int[] axes) {
        static Reduction of(Backward node) {
            var axes = axes(node);
            var kept = node.input(0).dims();
            for (int axis : axes) {
                kept[axis] = 1;
            }
            return new Reduction(
                    node.input(0), node.output(0).reshape(kept), node.gradient().reshape(kept), axes);
        }

        private static int[] axes(Backward node) {
            int rank = node.input(0).rank();
            var axes = node.has(1) ? node.integers(1) : new int[0];
            if (axes.length == 0 && node.node().integer("noop_with_empty_axes", 0) == 0) {
                return Dims.range(0, rank);
            }
            return Dims.axes(rank, axes);
        }

        /** Returns the reduction of a pooling over all positions. */
        static Reduction global(Backward node) {
            var axes = Dims.range(2, node.input(0).rank());
            return new Reduction(node.input(0), node.output(0), node.gradient(), axes);
        }

        int count() {
            return x.size() / y.size();
        }
    }

    private static GradientRule reduction(Function<Reduction, Value> derivative) {
        return ofFirst(node ->
                derivative.apply(Reduction.of(node)).expand(node.input(0).dims()));
    }

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("ReduceSum", reduction(Reduction::gradient));
        rules.put("ReduceMean", reduction(r -> r.gradient.times(1.0 / r.count())));
        rules.put("ReduceSumSquare", reduction(r -> r.x.times(r.gradient.times(2))));
        rules.put("ReduceL2", reduction(r -> r.x.times(r.gradient.over(r.y.max(TINY)))));
        rules.put("ReduceL1", reduction(r -> r.x.apply("Sign").times(r.gradient)));
        rules.put("ReduceLogSum", reduction(r -> r.gradient.over(r.y.apply("Exp"))));
        rules.put("ReduceLogSumExp", reduction(r -> r.x.minus(r.y).apply("Exp").times(r.gradient)));
        rules.put("ReduceMax", reduction(ReductionRules::extreme));
        rules.put("ReduceMin", reduction(ReductionRules::extreme));
        rules.put("ReduceProd", reduction(ReductionRules::product));
        rules.put("GlobalAveragePool", ofFirst(ReductionRules::globalAverage));
        rules.put("GlobalMaxPool", ofFirst(node -> extreme(Reduction.global(node))));
        rules.put("GlobalLpPool", ofFirst(ReductionRules::globalNorm));
    }

    /** Returns the gradient of an extreme; ties share it. */
    private static Value extreme(Reduction reduced) {
        var ones = reduced.x.isEqual(reduced.y).cast(reduced.x.type());
        return ones.times(reduced.gradient.over(ones.sum(reduced.axes)));
    }

    /**
     * Returns the gradient of a product: the product of the other elements. The division is by
     * elements with zeros replaced by 1, and an element has a gradient if no other one is 0.
     */
    private static Value product(Reduction reduced) {
        var zeros = reduced.x.isEqual(reduced.x.tape().scalar(0)).cast(reduced.x.type());
        var filled = reduced.x.plus(zeros);
        var others = filled.product(reduced.axes).over(filled);
        return zeros.sum(reduced.axes).isEqual(zeros).mask(others.times(reduced.gradient));
    }

    private static Value globalAverage(Backward node) {
        var pooled = Reduction.global(node);
        return pooled.gradient.times(1.0 / pooled.count()).expand(pooled.x.dims());
    }

    private static Value globalNorm(Backward node) {
        double p = node.node().integer("p", 2);
        var pooled = Reduction.global(node);
        var shares = pooled.gradient.over(pooled.y.max(TINY).power(p - 1));
        return powerDerivative(pooled.x, p).times(shares);
    }

    /** Returns the derivative of |x|^p / p. */
    static Value powerDerivative(Value x, double p) {
        return p == 2 ? x : x.apply("Sign").times(x.apply("Abs").power(p - 1));
    }
}
