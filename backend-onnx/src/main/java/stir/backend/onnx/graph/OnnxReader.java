package stir.backend.onnx.graph;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A reader of ONNX models. Tensors share the memory that they are read from. */
public final class OnnxReader {
    private OnnxReader() {}

    /**
     * Reads a model.
     *
     * @param file the whole file, which must not change while the model is used
     * @throws OnnxFormatException if it is not a model
     */
    public static OnnxModel read(ByteBuffer file) {
        Graph graph = null;
        var opsets = new HashMap<String, Integer>();
        var functions = new ArrayList<Function>();
        var producer = "";
        var producerVersion = "";
        var in = new WireReader(file);
        while (in.next()) {
            switch (in.field()) {
                case 2 -> producer = in.text();
                case 3 -> producerVersion = in.text();
                case 7 -> graph = graph(in.message(), 0);
                case 8 -> opset(in.message(), opsets);
                case 25 -> functions.add(function(in.message()));
                default -> in.skip();
            }
        }
        if (graph == null || graph.nodes().isEmpty() || opsets.isEmpty()) {
            throw new OnnxFormatException("it contains no graph of ONNX operators");
        }
        if (graph.outputs().isEmpty()) {
            throw new OnnxFormatException("it has no outputs: export the network again");
        }
        return new OnnxModel(graph, opsets, functions, (producer + " " + producerVersion).strip());
    }

    /**
     * Returns whether a file begins like a model: a format version, fields that ONNX defines, and a
     * graph. Reads only the fields' tags.
     */
    public static boolean looksLikeModel(ByteBuffer file) {
        boolean version = false;
        boolean graph = false;
        try {
            var in = new WireReader(file);
            while (in.next()) {
                int field = in.field();
                boolean number = field == 1 || field == 5;
                boolean known = field <= 8 || field == 14 || field == 20 || field == 25;
                if (!known || (in.wireType() == WireReader.VARINT) != number) {
                    return false;
                }
                version |= field == 1;
                graph |= field == 7;
                in.skip();
            }
        } catch (OnnxFormatException e) {
            return false;
        }
        return version && graph;
    }

    private static void opset(WireReader in, Map<String, Integer> opsets) {
        var domain = "";
        long version = 0;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> domain = in.text();
                case 2 -> version = in.varint();
                default -> in.skip();
            }
        }
        opsets.put(domain.equals("ai.onnx") ? "" : domain, (int) Math.min(version, 1 << 20));
    }

    private static Graph graph(WireReader in, int depth) {
        if (depth > ModelLimits.DEPTH) {
            throw new OnnxFormatException("its graphs are nested more than %d deep".formatted(ModelLimits.DEPTH));
        }
        var nodes = new ArrayList<Node>();
        var initialisers = new LinkedHashMap<String, Tensor>();
        var inputs = new LinkedHashMap<String, TensorType>();
        var outputs = new LinkedHashMap<String, TensorType>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> nodes.add(node(in.message(), depth));
                case 5 -> tensor(in.message(), initialisers);
                case 11 -> value(in.message(), inputs);
                case 12 -> value(in.message(), outputs);
                case 15 ->
                    throw new OnnxFormatException(
                            "it contains sparse tensors, which can't be read: export it with dense ones");
                default -> in.skip();
            }
        }
        // old exporters list initialisers among the inputs, as values that a caller may replace
        inputs.keySet().removeAll(initialisers.keySet());
        return new Graph(NodeOrder.of(nodes), initialisers, inputs, outputs);
    }

    private static Function function(WireReader in) {
        var domain = "";
        var name = "";
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        var defaults = new LinkedHashMap<String, Attribute>();
        var nodes = new ArrayList<Node>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 4 -> inputs.add(in.text());
                case 5 -> outputs.add(in.text());
                case 7 -> nodes.add(node(in.message(), 0));
                case 10 -> domain = in.text();
                case 11 -> attribute(in.message(), defaults, 0);
                default -> in.skip();
            }
        }
        return new Function(domain, name, inputs, outputs, defaults, NodeOrder.of(nodes));
    }

    private static Node node(WireReader in, int depth) {
        var domain = "";
        var operator = "";
        var name = "";
        var inputs = new ArrayList<String>();
        var outputs = new ArrayList<String>();
        var attributes = new LinkedHashMap<String, Attribute>();
        var metadata = new HashMap<String, String>();
        while (in.next()) {
            switch (in.field()) {
                case 1 -> inputs.add(in.text());
                case 2 -> outputs.add(in.text());
                case 3 -> name = in.text();
                case 4 -> operator = in.text();
                case 5 -> attribute(in.message(), attributes, depth);
                case 7 -> domain = in.text();
                case 9 -> in.entry(metadata);
                default -> in.skip();
            }
        }
        return new Node(domain, operator, name, inputs, outputs, attributes, metadata);
    }

    /** Reads an attribute. The field {@code type} selects the value; old files omit it. */
    private static void attribute(WireReader in, Map<String, Attribute> attributes, int depth) {
        var name = "";
        long type = 0;
        var values = new HashMap<Long, Attribute>();
        var floats = new ArrayList<Float>();
        var ints = new ArrayList<Long>();
        var texts = new ArrayList<String>();
        Attribute reference = null;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> values.put(1L, new Attribute.OfFloat(in.float32()));
                case 3 -> values.put(2L, new Attribute.OfInt(in.varint()));
                case 4 -> values.put(3L, new Attribute.OfText(in.text()));
                case 5 -> values.put(4L, new Attribute.OfTensor(tensor(in.message(), new HashMap<>())));
                case 6 -> values.put(5L, new Attribute.OfGraph(graph(in.message(), depth + 1)));
                case 7 -> in.fixed(Float.BYTES, bytes -> floats(bytes, floats));
                case 8 -> in.varints(ints::add);
                case 9 -> texts.add(in.text());
                case 20 -> type = in.varint();
                case 21 -> reference = new Attribute.Reference(in.text());
                default -> in.skip();
            }
        }
        values.put(6L, new Attribute.OfFloats(List.copyOf(floats)));
        values.put(7L, new Attribute.OfInts(List.copyOf(ints)));
        values.put(8L, new Attribute.OfTexts(List.copyOf(texts)));
        if (type == 0) {
            type = !ints.isEmpty() ? 7 : !floats.isEmpty() ? 6 : !texts.isEmpty() ? 8 : type;
            type = type == 0 ? values.keySet().stream().min(Long::compare).orElseThrow() : type;
        }
        var value = reference != null ? reference : values.get(type);
        if (value == null) {
            // proto3 writers omit a value that is 0 or empty
            value = type == 1 ? new Attribute.OfFloat(0) : type == 2 ? new Attribute.OfInt(0) : null;
        }
        attributes.put(name, value == null ? new Attribute.OfText("") : value);
    }

    private static void floats(ByteBuffer bytes, List<Float> floats) {
        var values = bytes.asFloatBuffer();
        while (values.hasRemaining()) {
            floats.add(values.get());
        }
    }

    private static Tensor tensor(WireReader in, Map<String, Tensor> tensors) {
        var fields = new TensorFields();
        while (in.next()) {
            fields.read(in);
        }
        var tensor = fields.toTensor();
        tensors.put(fields.name(), tensor);
        return tensor;
    }

    private static void value(WireReader in, Map<String, TensorType> values) {
        var name = "";
        var type = TensorType.unranked(ElementType.UNDEFINED);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> name = in.text();
                case 2 -> {
                    var holder = in.message();
                    while (holder.next()) {
                        if (holder.field() == 1) {
                            type = type(holder.message());
                        } else {
                            holder.skip();
                        }
                    }
                }
                default -> in.skip();
            }
        }
        values.put(name, type);
    }

    private static TensorType type(WireReader in) {
        var element = ElementType.UNDEFINED;
        var dims = new ArrayList<Long>();
        boolean ranked = false;
        while (in.next()) {
            switch (in.field()) {
                case 1 -> element = ElementType.of(in.varint()).orElse(ElementType.UNDEFINED);
                case 2 -> {
                    ranked = true;
                    var shape = in.message();
                    while (shape.next()) {
                        if (shape.field() == 1) {
                            dims.add(dimension(shape.message()));
                        } else {
                            shape.skip();
                        }
                    }
                }
                default -> in.skip();
            }
        }
        return new TensorType(element, dims, ranked);
    }

    /** Returns a dimension, or -1 if the file has a name or nothing. */
    private static long dimension(WireReader in) {
        long dimension = -1;
        while (in.next()) {
            if (in.field() == 1) {
                dimension = in.varint();
            } else {
                in.skip();
            }
        }
        if (dimension > Integer.MAX_VALUE) {
            throw new OnnxFormatException(
                    "it has a dimension of %d, which exceeds the range of 32-bit integers".formatted(dimension));
        }
        return dimension;
    }
}
