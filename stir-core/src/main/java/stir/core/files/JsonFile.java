package stir.core.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import stir.api.DataException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** JSON documents in files. Each is an object that names its schema and the schema's version. */
public final class JsonFile {
    /** The field that names a document's schema and version: {@code name/1}. */
    public static final String SCHEMA = "schema";

    private JsonFile() {}

    /** Creates a document with its schema and no other field. */
    public static ObjectNode object(String schema) {
        return object().put(SCHEMA, schema);
    }

    /** Creates an object without fields. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Puts a boolean or a number with its type, and any other value as text. */
    public static void put(ObjectNode node, String name, Object value) {
        if (value instanceof Boolean truth) {
            node.put(name, truth);
        } else if (value instanceof Integer number) {
            node.put(name, number);
        } else if (value instanceof Long number) {
            node.put(name, number);
        } else if (value instanceof Double number) {
            node.put(name, number);
        } else {
            node.put(name, value.toString());
        }
    }

    /** Returns the fields of an object as texts, in their order. */
    public static Map<String, String> texts(JsonNode node) {
        var texts = new LinkedHashMap<String, String>();
        node.properties().forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    /** Writes a document atomically. */
    public static void write(Path file, JsonNode document) throws IOException {
        new AtomicFiles()
                .write(file, out -> out.write(text(document).getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns the document as it is written: indented, with a final line break. */
    public static String text(JsonNode document) {
        try {
            return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(document)
                    + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A tree of values can always be written", e);
        }
    }

    /**
     * Reads a document.
     *
     * @param schema the expected schema
     * @return empty if there is no such file
     * @throws DataException if it is damaged, or of another schema
     */
    public static Optional<ObjectNode> read(Path file, String schema) {
        ObjectNode document;
        try {
            document = parse(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw damaged(file, e);
        }
        var found = document.path(SCHEMA).asText("");
        if (!found.equals(schema)) {
            throw new DataException(
                    "%s was written by another version of Stir (its schema is '%s', not '%s'): open it with that version, or compute the results again in a new folder."
                            .formatted(file, found.isEmpty() ? "not given" : found, schema));
        }
        return Optional.of(document);
    }

    private static ObjectNode parse(Path file, String text) throws IOException {
        if (new JsonMapper().readTree(text) instanceof ObjectNode node) {
            return node;
        }
        throw damaged(file, null);
    }

    private static DataException damaged(Path file, @Nullable Exception cause) {
        return new DataException(
                file + " is damaged: remove it, and it will be computed again.", cause);
    }
}
