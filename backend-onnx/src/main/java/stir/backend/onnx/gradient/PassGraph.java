package stir.backend.onnx.gradient;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.StaticGraph;

/**
 * A builder of the graphs to be run: forward, backward from a cotangent, and both at once for a
 * distance. The first dimension counts independent rows.
 */
public final class PassGraph {
    /** The name of the output with the representation. */
    public static final String REPRESENTATION = "pass/representation";

    /** The name of the input with the cotangent, of the representation's dimensions. */
    public static final String COTANGENT = "pass/cotangent";

    /** The name of the input with the target, one row of numbers per row. */
    public static final String TARGET = "pass/target";

    /** The name of the output with each row's distance. */
    public static final String DISTANCE = "pass/distance";

    /** The name of the output with the gradient, of the input's dimensions. */
    public static final String GRADIENT = "pass/gradient";

    /** A lower bound of divisors, which makes 0 / 0 equal 0. */
    private static final double TINY = 1e-30;

    private final StaticGraph graph;
    private final Differentiation differentiation;
    private final String representation;

    /**
     * Prepares passes.
     *
     * @param graph a graph whose first input is searched, and of one output, the representation
     * @param passed the outputs of nodes that pass a share of their gradients, as in {@link
     *     Differentiation}
     */
    public PassGraph(StaticGraph graph, Map<String, Float> passed) {
        this.graph = graph;
        this.differentiation = new Differentiation(graph, passed);
        this.representation = graph.graph().outputs().keySet().iterator().next();
    }

    /** Returns the graph from the input to the representation. */
    public StaticGraph forward() {
        var tape = new Tape(graph);
        return tape.finish(Map.of(REPRESENTATION, tape.value(representation)));
    }

    /**
     * Returns the graph from input and cotangent to representation and gradient.
     *
     * @throws NoGradientException if an operator has no gradient
     */
    public StaticGraph pullback() {
        var tape = new Tape(graph);
        var layerValue = tape.value(representation);
        var cotangent = tape.input(COTANGENT, layerValue.dims());
        return finish(tape, Map.of(), cotangent);
    }

    /**
     * Returns {@link #pullback} as two graphs, so that the cotangent may depend on the
     * representation.
     *
     * @throws NoGradientException if an operator has no gradient
     */
    public SplitGraph split() {
        return new PullbackSplitter(graph.graph().names(), pullback()).split();
    }

    /**
     * Returns the graph from input and target to representation, distance and gradient of the
     * distances' sum. The gradient is 0 where the distance is 0.
     *
     * @param p the norm's order, from 1 to infinity
     * @throws NoGradientException if an operator has no gradient
     */
    public StaticGraph distance(double p) {
        var tape = new Tape(graph);
        var layerValue = tape.value(representation);
        int rows = layerValue.dim(0);
        var target = tape.input(TARGET, rows, layerValue.size() / rows);
        var difference = layerValue.reshape(target.dims()).minus(target);
        var norm = RowNorms.of(difference, p);
        return finish(tape, Map.of(DISTANCE, norm.value().reshape(rows)), norm.derivative());
    }

    private StaticGraph finish(Tape tape, Map<String, Value> more, Value cotangent) {
        var layerValue = tape.value(representation);
        var gradient = differentiation.gradient(tape, representation, cotangent.reshape(layerValue.dims()));
        var outputs = new LinkedHashMap<>(more);
        outputs.put(REPRESENTATION, layerValue);
        outputs.put(GRADIENT, gradient);
        return tape.finish(outputs);
    }

    /** The norm of each row and its derivative. */
    private record RowNorms(Value value, Value derivative) {
        static RowNorms of(Value rows, double p) {
            if (p == 1) {
                return new RowNorms(rows.apply("Abs").sum(1), rows.apply("Sign"));
            } else if (p == 2) {
                var norm = rows.norm(1);
                return new RowNorms(norm, rows.over(norm.max(TINY)));
            }
            var sizes = rows.apply("Abs");
            var largest = sizes.largest(1);
            if (Double.isInfinite(p)) {
                return new RowNorms(largest, firstOfLargest(rows, sizes));
            }
            // scaled, since the powers would overflow
            var scaled = sizes.over(largest.max(TINY)).power(p).sum(1).power(1 / p);
            var norm = largest.times(scaled);
            var derivative = rows.apply("Sign").times(sizes.over(norm.max(TINY)).power(p - 1));
            return new RowNorms(norm, derivative);
        }

        private static Value firstOfLargest(Value rows, Value sizes) {
            var tape = rows.tape();
            var axis = AttributeBuilder.of("axis", 1);
            int[] one = {rows.dim(0), 1}; // each operator keeps the axis, with one element
            var at = tape.emit("ArgMax", List.of(sizes), axis, ElementType.INT64, one);
            var sign = tape.emit("GatherElements", List.of(rows, at), axis, one).apply("Sign");
            var operands = List.of(tape.zeros(rows.dims()), at, sign);
            return tape.emit("ScatterElements", operands, axis, rows.dims());
        }
    }
}
