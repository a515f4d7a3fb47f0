package stir.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Shape;
import stir.core.files.JsonFile;

import java.util.Map;

/**
 * A JSON document.
 *
 * @param root its value
 * @param oneLine whether it is written on one line
 */
public record JsonDocument(JsonNode root, boolean oneLine) {
    private static final Separators SPACED =
            Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withObjectEntrySpacing(Separators.Spacing.AFTER)
                    .withArrayValueSpacing(Separators.Spacing.AFTER);

    /** A document of several lines. */
    static JsonDocument of(JsonNode root) {
        return new JsonDocument(root, false);
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** An object whose shape has a name and a version, {@code name/1}. */
    static ObjectNode object(String schema) {
        return JsonFile.object(schema);
    }

    static ArrayNode array() {
        return JsonNodeFactory.instance.arrayNode();
    }

    /** The dimensions as an array, unknown ones as null. */
    static ArrayNode shape(Shape shape) {
        var dimensions = array();
        for (int dimension : shape.dimensions()) {
            if (dimension == Shape.UNKNOWN) {
                dimensions.addNull();
            } else {
                dimensions.add(dimension);
            }
        }
        return dimensions;
    }

    static ObjectNode texts(Map<String, String> values) {
        var node = object();
        values.forEach(node::put);
        return node;
    }

    static ArrayNode texts(Iterable<String> values) {
        var node = array();
        values.forEach(node::add);
        return node;
    }

    /** The document as it is written, a line's end included. */
    public String toJson() {
        var printer = new DefaultPrettyPrinter(SPACED);
        if (oneLine) {
            printer = printer.withObjectIndenter(DefaultPrettyPrinter.NopIndenter.instance);
        }
        try {
            return new JsonMapper().writer(printer).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of values is always written", e);
        }
    }
}
