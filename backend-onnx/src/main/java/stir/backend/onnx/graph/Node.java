package stir.backend.onnx.graph;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A call of an operator.
 *
 * @param domain the operator's domain; empty for ONNX's own
 * @param operator the operator's name
 * @param name the node's name; may be empty
 * @param inputs names of tensors; empty for an omitted optional one
 * @param outputs names of tensors; empty for an omitted optional one
 * @param attributes the attributes by name, in the order of the file
 * @param metadata keys and values that the exporter recorded
 */
public record Node(
        String domain,
        String operator,
        String name,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes,
        Map<String, String> metadata) {
    /** Copies all collections; the order of attributes is kept for reproducible files. */
    public Node {
        domain = domain.equals("ai.onnx") ? "" : domain;
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        metadata = Map.copyOf(metadata);
    }

    /** Returns a node of ONNX's own domain. */
    public static Node of(
            String operator,
            String name,
            List<String> inputs,
            List<String> outputs,
            Map<String, Attribute> attributes) {
        return new Node("", operator, name, inputs, outputs, attributes, Map.of());
    }

    /** Returns a node of ONNX's own domain that has one output and is named after it. */
    public static Node of(String operator, String output, List<String> inputs, Map<String, Attribute> attributes) {
        return of(operator, output, inputs, List.of(output), attributes);
    }

    /** Returns the operator with its domain: {@code Conv}, {@code com.microsoft:Gelu}. */
    public String kind() {
        return domain.isEmpty() ? operator : domain + ":" + operator;
    }

    /** Returns whether this calls one of these operators of ONNX's own domain. */
    public boolean is(String... operators) {
        return domain.isEmpty() && List.of(operators).contains(operator);
    }

    /** Returns the name of an input; an empty string if it is omitted. */
    public String input(int index) {
        return index < inputs.size() ? inputs.get(index) : "";
    }

    /** Returns the name of an output; an empty string if it is omitted. */
    public String output(int index) {
        return index < outputs.size() ? outputs.get(index) : "";
    }

    /**
     * Returns the names of the tensors that the node reads: its inputs, and the tensors that its
     * subgraphs capture.
     */
    public Stream<String> reads() {
        return Stream.concat(
                inputs.stream().filter(input -> !input.isEmpty()),
                subgraphs().flatMap(graph -> graph.captured().stream()));
    }

    /** Returns the names of the tensors that the node computes. */
    public Stream<String> writes() {
        return outputs.stream().filter(output -> !output.isEmpty());
    }

    /**
     * Returns the graphs among the attributes: branches of {@code If}, bodies of {@code Loop} and
     * {@code Scan}.
     */
    public Stream<Graph> subgraphs() {
        return attributes.values().stream()
                .filter(Attribute.OfGraph.class::isInstance)
                .map(attribute -> ((Attribute.OfGraph) attribute).value());
    }

    /** Returns an integer attribute, or a default if it is missing or of another type. */
    public long integer(String attribute, long otherwise) {
        return attributes.get(attribute) instanceof Attribute.OfInt ofInt ? ofInt.value() : otherwise;
    }

    /** Returns a float attribute, or a default if it is missing or of another type. */
    public float real(String attribute, float otherwise) {
        return attributes.get(attribute) instanceof Attribute.OfFloat ofFloat ? ofFloat.value() : otherwise;
    }

    /** Returns a string attribute, or a default if it is missing or of another type. */
    public String text(String attribute, String otherwise) {
        return attributes.get(attribute) instanceof Attribute.OfText ofText ? ofText.value() : otherwise;
    }

    /**
     * Returns an attribute of integers, or a default if it is missing or of another type.
     *
     * @throws OnnxFormatException if one exceeds the range of {@code int}
     */
    public int[] integers(String attribute, int... otherwise) {
        return attributes.get(attribute) instanceof Attribute.OfInts ofInts
                ? ofInts.values().stream()
                        .mapToInt(value -> toInt(attribute, value))
                        .toArray()
                : otherwise.clone();
    }

    private int toInt(String attribute, long value) {
        if (value != (int) value) {
            throw new OnnxFormatException(
                    "'%s' of its node '%s' (%s) has %d, which exceeds the range of 32-bit integers"
                            .formatted(attribute, name, operator, value));
        }
        return (int) value;
    }

    /** Returns a copy of this node with other inputs and outputs. */
    public Node with(List<String> newInputs, List<String> newOutputs) {
        return new Node(domain, operator, name, newInputs, newOutputs, attributes, metadata);
    }

    /** Returns a copy of this node with other attributes. */
    public Node withAttributes(Map<String, Attribute> newAttributes) {
        return new Node(domain, operator, name, inputs, outputs, newAttributes, metadata);
    }

    /** Returns a copy of this node whose subgraphs have been changed. */
    public Node withSubgraphs(UnaryOperator<Graph> change) {
        var changed = new LinkedHashMap<>(attributes);
        changed.replaceAll((key, value) ->
                value instanceof Attribute.OfGraph graph ? new Attribute.OfGraph(change.apply(graph.value())) : value);
        return withAttributes(changed);
    }

    /** Returns a copy of this node with other metadata. */
    public Node withMetadata(Map<String, String> newMetadata) {
        return new Node(domain, operator, name, inputs, outputs, attributes, newMetadata);
    }

    /** Returns a copy of this node without the given attributes. */
    public Node without(String... dropped) {
        var kept = new LinkedHashMap<>(attributes);
        kept.keySet().removeAll(Set.of(dropped));
        return withAttributes(kept);
    }

    /** Returns a copy of this node in which one attribute is added or replaced. */
    public Node with(String attribute, Attribute value) {
        var more = new LinkedHashMap<>(attributes);
        more.put(attribute, value);
        return withAttributes(more);
    }

    @Override
    public String toString() {
        return name.isEmpty() ? kind() + " that computes '" + output(0) + "'" : kind() + " '" + name + "'";
    }
}
