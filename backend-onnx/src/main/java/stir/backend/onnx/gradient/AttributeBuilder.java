package stir.backend.onnx.gradient;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stir.backend.onnx.graph.Attribute;

/** A builder of a node's attributes. */
final class AttributeBuilder {
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();

    static Map<String, Attribute> of(String name, long value) {
        return Map.of(name, new Attribute.OfInt(value));
    }

    AttributeBuilder with(String name, long value) {
        attributes.put(name, new Attribute.OfInt(value));
        return this;
    }

    AttributeBuilder with(String name, float value) {
        attributes.put(name, new Attribute.OfFloat(value));
        return this;
    }

    AttributeBuilder with(String name, String value) {
        attributes.put(name, new Attribute.OfText(value));
        return this;
    }

    AttributeBuilder with(String name, int... values) {
        attributes.put(
                name,
                new Attribute.OfInts(
                        Arrays.stream(values).asLongStream().boxed().toList()));
        return this;
    }

    Map<String, Attribute> done() {
        return attributes;
    }
}
