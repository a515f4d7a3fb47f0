package stir.backend.onnx.gradient;

import java.util.Collections;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import stir.backend.onnx.graph.Node;

/** The table of gradient rules by operator: {@code Conv}, {@code com.microsoft:Gelu}. */
public final class GradientRules {
    private static final SortedMap<String, GradientRule> TABLE = new TreeMap<>();

    static {
        ActivationRules.addTo(TABLE);
        ArithmeticRules.addTo(TABLE);
        ShapeRules.addTo(TABLE);
        IndexRules.addTo(TABLE);
        ReductionRules.addTo(TABLE);
        MatrixRules.addTo(TABLE);
        ConvolutionRules.addTo(TABLE);
        PoolingRules.addTo(TABLE);
        NormalisationRules.addTo(TABLE);
        ResizeRules.addTo(TABLE);
        AttentionRules.addTo(TABLE);
    }

    private GradientRules() {}

    /** Returns whether a node computes with quantised numbers. */
    public static boolean isQuantised(Node node) {
        return node.operator().contains("QuantizeLinear")
                || node.operator().equals("DequantizeLinear")
                || node.operator().equals("MatMulNBits")
                || node.operator().startsWith("QLinear")
                || node.is("ConvInteger", "MatMulInteger");
    }

    /** Returns the operators that have a rule, by {@link Node#kind}. */
    static Set<String> operators() {
        return Collections.unmodifiableSet(TABLE.keySet());
    }

    /**
     * Returns the rule of a node's operator.
     *
     * @throws NoGradientException if there is none
     */
    static GradientRule rule(Node node) {
        var rule = TABLE.get(node.kind());
        if (rule == null) {
            throw new NoGradientException(node
                    + (isQuantised(node)
                            ? " is quantised: export the network before quantisation"
                            : " has no gradient rule"));
        }
        return rule;
    }
}
