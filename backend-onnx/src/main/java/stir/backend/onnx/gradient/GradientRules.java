package stir.backend.onnx.gradient;

import stir.backend.onnx.graph.Node;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The table of gradient rules by operator: {@code Conv}, {@code com.microsoft:Gelu}. */
public final class GradientRules {
    private static final GradientRules STANDARD = new GradientRules(standardTable());

    private final SortedMap<String, GradientRule> table;

    /** Creates a table of these rules, by {@link Node#kind}. */
    public GradientRules(Map<String, GradientRule> table) {
        this.table = Collections.unmodifiableSortedMap(new TreeMap<>(table));
    }

    private static Map<String, GradientRule> standardTable() {
        var table = new TreeMap<String, GradientRule>();
        ActivationRules.addTo(table);
        ArithmeticRules.addTo(table);
        ShapeRules.addTo(table);
        IndexRules.addTo(table);
        ReductionRules.addTo(table);
        MatrixRules.addTo(table);
        ConvolutionRules.addTo(table);
        PoolingRules.addTo(table);
        NormalisationRules.addTo(table);
        ResizeRules.addTo(table);
        AttentionRules.addTo(table);
        return table;
    }

    /** Returns the rules of all supported operators. */
    public static GradientRules standard() {
        return STANDARD;
    }

    /** Returns whether a node computes with quantised numbers. */
    public static boolean isQuantised(Node node) {
        return node.operator().contains("QuantizeLinear")
                || node.operator().equals("DequantizeLinear")
                || node.operator().equals("MatMulNBits")
                || node.operator().startsWith("QLinear")
                || node.is("ConvInteger", "MatMulInteger");
    }

    /** Returns the rules by operator. */
    public SortedMap<String, GradientRule> table() {
        return table;
    }

    /**
     * Returns the rule of a node's operator.
     *
     * @throws NoGradientException if there is none
     */
    public GradientRule rule(Node node) {
        var rule = table.get(node.kind());
        if (rule == null) {
            throw new NoGradientException(
                    node
                            + (isQuantised(node)
                                    ? " is quantised: export the network before quantisation"
                                    : " has no gradient rule"));
        }
        return rule;
    }
}
