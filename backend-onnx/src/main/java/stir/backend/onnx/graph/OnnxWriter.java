package stir.backend.onnx.graph;

import java.util.TreeMap;

/** A writer of ONNX models, without metadata and functions. */
public final class OnnxWriter {
    /**
     * ONNX's {@code ir_version}: high enough for current opsets, low enough for runtimes in use.
     */
    private static final int FORMAT_VERSION = 10;

    private OnnxWriter() {}

    /**
     * Returns the bytes of a model file. External tensors stay references to their files.
     *
     * @throws OnnxFormatException if it exceeds 2 GB, the limit of the format, or has an attribute
     *     that refers to a call outside a function
     */
    public static byte[] write(OnnxModel model) {
        var out = new WireWriter().varint(1, FORMAT_VERSION);
        out.message(7, graph -> graph(graph, model.graph()));
        for (var opset : new TreeMap<>(model.opsets()).entrySet()) {
            out.message(8, to -> to.optionalText(1, opset.getKey()).varint(2, opset.getValue()));
        }
        return out.toByteArray();
    }

    private static void graph(WireWriter out, Graph graph) {
        graph.nodes().forEach(node -> out.message(1, message -> node(message, node)));
        out.text(2, "graph");
        graph.initialisers().forEach((name, tensor) -> out.message(5, message -> tensor(message, name, tensor)));
        graph.inputs().forEach((name, type) -> out.message(11, message -> value(message, name, type)));
        graph.outputs().forEach((name, type) -> out.message(12, message -> value(message, name, type)));
    }

    private static void node(WireWriter out, Node node) {
        out.texts(1, node.inputs())
                .texts(2, node.outputs())
                .optionalText(3, node.name())
                .text(4, node.operator());
        node.attributes().forEach((name, value) -> out.message(5, message -> attribute(message, name, value)));
        out.optionalText(7, node.domain());
    }

    private static void attribute(WireWriter out, String name, Attribute attribute) {
        out.text(1, name);
        if (attribute instanceof Attribute.OfFloat real) {
            out.float32(2, real.value()).varint(20, 1);
        } else if (attribute instanceof Attribute.OfInt integer) {
            out.varint(3, integer.value()).varint(20, 2);
        } else if (attribute instanceof Attribute.OfText text) {
            out.text(4, text.value()).varint(20, 3);
        } else if (attribute instanceof Attribute.OfTensor tensor) {
            out.message(5, message -> tensor(message, "", tensor.value())).varint(20, 4);
        } else if (attribute instanceof Attribute.OfGraph graph) {
            out.message(6, message -> graph(message, graph.value())).varint(20, 5);
        } else if (attribute instanceof Attribute.OfFloats reals) {
            reals.values().forEach(value -> out.float32(7, value));
            out.varint(20, 6);
        } else if (attribute instanceof Attribute.OfInts integers) {
            integers.values().forEach(value -> out.varint(8, value));
            out.varint(20, 7);
        } else if (attribute instanceof Attribute.OfTexts texts) {
            out.texts(9, texts.values()).varint(20, 8);
        } else {
            throw new OnnxFormatException("the attribute '" + name + "' refers to a call outside a function");
        }
    }

    private static void tensor(WireWriter out, String name, Tensor tensor) {
        tensor.type().dims().forEach(dim -> out.varint(1, dim));
        out.varint(2, tensor.type().type().code()).optionalText(8, name);
        if (tensor.external().isPresent()) {
            var where = tensor.external().get();
            entry(out, "location", where.location());
            entry(out, "offset", Long.toString(where.offset()));
            entry(out, "length", Long.toString(where.length()));
            out.varint(14, 1);
        } else {
            out.bytes(9, tensor.data());
        }
    }

    private static void entry(WireWriter out, String key, String value) {
        out.message(13, message -> message.text(1, key).text(2, value));
    }

    private static void value(WireWriter out, String name, TensorType type) {
        out.text(1, name);
        if (type.type() == ElementType.UNDEFINED) {
            return; // readers infer a missing type
        }
        out.message(
                2,
                holder -> holder.message(1, message -> {
                    message.varint(1, type.type().code());
                    if (type.ranked()) {
                        message.message(2, shape -> shape(shape, type));
                    }
                }));
    }

    private static void shape(WireWriter out, TensorType type) {
        for (long dim : type.dims()) {
            out.message(1, dimension -> {
                if (dim >= 0) {
                    dimension.varint(1, dim);
                }
            });
        }
    }
}
