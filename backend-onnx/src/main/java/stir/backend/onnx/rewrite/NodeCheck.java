package stir.backend.onnx.rewrite;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxFormatException;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.Tensor;

/** Checks of nodes before the runtime receives them. */
public record NodeCheck(int opset) {
    /** The version from which batch normalisation states its mode. */
    private static final int TRAINING_MODE = 14;

    /**
     * Attributes that operators divide by. ONNX Runtime divides by them when it infers shapes,
     * without a check, so a zero would end the process.
     */
    private static final Set<String> DIVISORS = Set.of(("strides dilations kernel_shape group num_groups num_heads"
                    + " q_num_heads kv_num_heads num_outputs blocksize")
            .split(" ", -1));

    /**
     * Other attributes that the runtime multiplies or indexes with, as with the divisors, without a
     * check of overflow, so that a huge one would end the process.
     */
    private static final Set<String> OTHER_SIZES =
            Set.of("pads", "output_padding", "rotary_embedding_dim", "batch_dims", "size", "p");

    private static final Set<String> HEADS = Set.of("num_heads", "q_num_heads", "kv_num_heads");

    /** Operators that take the number of heads from an input of four axes. */
    private static final Set<String> OPTIONAL_HEADS =
            Set.of("Attention", "RotaryEmbedding", "com.microsoft:RotaryEmbedding");

    /** Operators whose integer operand may end the process, in any domain. */
    private static final Set<String> WITH_INTEGER = Set.of("SplitToSequence", "Trilu", "Div", "Mod");

    private static final Set<ElementType> INTEGERS = Set.of(ElementType.INT32, ElementType.INT64);

    /** The limit of the absolute value of these attributes. */
    private static final int LARGEST = 1 << 24;

    /**
     * Checks a model without functions, with its subgraphs.
     *
     * @throws OnnxFormatException if an attribute is out of range, or if a node is in training mode
     */
    public static void check(OnnxModel model) {
        new NodeCheck(model.opset()).check(model.graph(), Map.of(), new Computed());
    }

    /**
     * Returns the model without numbers of heads that are 0, which exporters write where the
     * input's shape states the number. The runtime would divide by a 0, but not without it.
     */
    public static OnnxModel withoutZeroHeads(OnnxModel model) {
        return model.with(withoutZeroHeads(model.graph()));
    }

    private static Graph withoutZeroHeads(Graph graph) {
        return graph.withNodes(
                graph.nodes().stream().map(NodeCheck::withoutZeroHeads).toList());
    }

    private static Node withoutZeroHeads(Node node) {
        boolean optional = OPTIONAL_HEADS.contains(node.kind());
        var attributes = new LinkedHashMap<String, Attribute>();
        for (var attribute : node.attributes().entrySet()) {
            var name = attribute.getKey();
            var value = attribute.getValue();
            if (value instanceof Attribute.OfGraph inner) {
                attributes.put(name, new Attribute.OfGraph(withoutZeroHeads(inner.value())));
            } else if (!optional || !HEADS.contains(name) || !isZero(value)) {
                attributes.put(name, value);
            }
        }
        return node.withAttributes(attributes);
    }

    private static boolean isZero(Attribute attribute) {
        return attribute instanceof Attribute.OfInt number && number.value() == 0;
    }

    /**
     * The integers of a graph that depend on the values of its inputs, and may be any.
     *
     * @param fixed the tensors that depend on sizes and constants alone
     * @param sized the tensors whose size depends on such integers
     */
    private record Computed(Set<String> names, Set<String> fixed, Set<String> sized) {
        Computed() {
            this(new HashSet<>(), new HashSet<>(), new HashSet<>());
        }

        void add(Graph graph) {
            fixed.addAll(graph.initialisers().keySet());
            graph.inputs().forEach((name, type) -> {
                if (INTEGERS.contains(type.type())) {
                    names.add(name);
                }
            });
        }

        void add(Node node) {
            boolean resizes = node.is("Slice", "Reshape", "Expand", "Tile", "Pad")
                    && node.inputs().stream().skip(1).anyMatch(names::contains);
            if (resizes || node.is("Compress") || node.reads().anyMatch(sized::contains)) {
                node.writes().forEach(sized::add);
            }
            if (node.is("Shape", "Size") || node.reads().allMatch(fixed::contains)) {
                node.writes().forEach(fixed::add);
            } else if (isComputed(node)) {
                node.writes().forEach(names::add);
            }
        }

        private boolean isComputed(Node node) {
            if (node.is("Cast")) {
                long type = node.integer("to", 0);
                return INTEGERS.stream().anyMatch(one -> one.code() == type);
            }
            boolean joins = node.is("Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Where", "Concat");
            return node.inputs().stream()
                    .skip(node.is("Where") ? 1 : 0)
                    .limit(joins ? node.inputs().size() : 1)
                    .anyMatch(names::contains);
        }
    }

    private void check(Graph graph, Map<String, Tensor> outer, Computed computed) {
        var constants = new HashMap<>(outer);
        constants.putAll(graph.initialisers());
        computed.add(graph);
        for (var node : graph.nodes()) {
            computed.add(node);
            if (node.is("Constant")) {
                Specialiser.value(node).ifPresent(value -> constants.put(node.output(0), value));
            } else if (node.is("Identity") && constants.containsKey(node.input(0))) {
                constants.put(node.output(0), constants.get(node.input(0)));
            }
            node.attributes().forEach((name, value) -> requireRange(node, name, value));
            requireInference(node, constants);
            requireSafeOperand(node, constants, computed);
            node.subgraphs().forEach(inner -> check(inner, constants, computed));
        }
    }

    private static void requireRange(Node node, String name, Attribute value) {
        boolean isSize = DIVISORS.contains(name) || OTHER_SIZES.contains(name);
        if (isSize && numbers(value).anyMatch(n -> Math.abs((double) n) > LARGEST)) {
            throw new OnnxFormatException("'%s' of its node '%s' (%s) exceeds the limit of %d: export the network again"
                    .formatted(name, name(node), node.operator(), LARGEST));
        } else if (name.equals("batch_dims") && numbers(value).anyMatch(n -> n < 0)) {
            throw new OnnxFormatException(
                    "'batch_dims' of its node '%s' (%s) must not be negative: export the network again"
                            .formatted(name(node), node.operator()));
        } else if (name.equals("pads") && !node.is("Pad") && numbers(value).anyMatch(n -> n < 0)) {
            throw new OnnxFormatException("its node '%s' (%s) has negative 'pads': crop its input with Slice instead"
                    .formatted(name(node), node.operator()));
        }
        if (DIVISORS.contains(name) && numbers(value).anyMatch(n -> n < 1)) {
            throw new OnnxFormatException("'%s' of its node '%s' (%s) must be positive: export the network again"
                    .formatted(name, name(node), node.operator()));
        }
    }

    /** Returns a node's name, or that of its result if it has none. */
    private static String name(Node node) {
        return node.name().isEmpty() ? node.output(0) : node.name();
    }

    private static LongStream numbers(Attribute attribute) {
        if (attribute instanceof Attribute.OfInts many) {
            return many.values().stream().mapToLong(Long::longValue);
        }
        return attribute instanceof Attribute.OfInt one ? LongStream.of(one.value()) : LongStream.empty();
    }

    /** Refuses values at which the runtime's kernels end the process: they divide and index. */
    private static void requireSafeOperand(Node node, Map<String, Tensor> constants, Computed computed) {
        if (node.is("InstanceNormalization") && computed.sized.contains(node.input(0))) {
            throw new OnnxFormatException(
                    "its node '%s' (%s) has an input whose size depends on the values of inputs, and an empty one would end the process: give it a fixed size"
                            .formatted(name(node), node.operator()));
        }
        if (WITH_INTEGER.contains(node.operator()) && computed.names.contains(node.input(1))) {
            throw new OnnxFormatException(
                    "its node '%s' (%s) has an integer operand that depends on the values of inputs, and some integers would end the process: make it a constant"
                            .formatted(name(node), node.operator()));
        }
        var operand = integers(constants, node.input(1));
        boolean isWrong = switch (node.operator()) {
            case "SplitToSequence" -> operand.anyMatch(n -> n < 1);
            case "Trilu" -> operand.anyMatch(n -> Math.abs((double) n) > LARGEST);
            case "Div", "Mod" -> {
                long[] divisors = operand.toArray();
                yield LongStream.of(divisors).anyMatch(n -> n == 0)
                        || (LongStream.of(divisors).anyMatch(n -> n == -1)
                                && (computed.names.contains(node.input(0))
                                        || integers(constants, node.input(0)).anyMatch(NodeCheck::isLowest)));
            }
            default -> false;
        };
        if (isWrong) {
            throw new OnnxFormatException(
                    "its node '%s' (%s) has a constant operand that it can't compute with: export the network again"
                            .formatted(name(node), node.operator()));
        }
    }

    private static boolean isLowest(long number) {
        return number == Long.MIN_VALUE || number == Integer.MIN_VALUE;
    }

    /** Returns a constant's integers of 32 or 64 bits; none for other values. */
    private static LongStream integers(Map<String, Tensor> constants, String name) {
        return Optional.ofNullable(constants.get(name))
                .filter(constant -> constant.external().isEmpty())
                .filter(constant -> INTEGERS.contains(constant.type().type()))
                .map(constant -> LongStream.of(constant.toLongs()))
                .orElseGet(LongStream::empty);
    }

    private void requireInference(Node node, Map<String, Tensor> constants) {
        boolean training = isTraining(node, opset);
        if (node.is("Dropout") && !node.input(2).isEmpty()) {
            var mode = constants.get(node.input(2));
            training = mode == null || !Arrays.equals(mode.toLongs(), new long[] {0});
        }
        if (training) {
            throw new OnnxFormatException(
                    "its node %s is in training mode: call model.eval() and export it again".formatted(node));
        }
    }

    /** Returns whether a node is a batch normalisation by the statistics of its own input. */
    static boolean isTraining(Node node, int opset) {
        if (!node.is("BatchNormalization")) {
            return false;
        }
        return opset < TRAINING_MODE
                ? node.outputs().stream().skip(1).anyMatch(name -> !name.isEmpty())
                : node.integer("training_mode", 0) != 0;
    }
}
