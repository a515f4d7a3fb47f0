package stir.backend.djl.exported;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.backend.djl.libtorch.SourceException;

/** Access to the members of a JSON document, each of which may be missing or of another type. */
final class Json {
    private Json() {}

    /**
     * Parses a document.
     *
     * @throws SourceException if it is not a JSON object
     */
    static JsonObject parse(byte[] bytes) {
        try {
            return object(JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8)), "");
        } catch (JsonParseException e) {
            throw new SourceException("its program is not valid JSON", e);
        }
    }

    /** Returns a member; empty if it is missing or null. */
    static Optional<JsonElement> find(JsonObject object, String name) {
        return Optional.<JsonElement>ofNullable(object.get(name)).filter(member -> !member.isJsonNull());
    }

    /** Returns a member of any type. */
    static JsonElement get(JsonObject object, String name) {
        return find(object, name).orElseThrow(() -> new SourceException("its program has no '%s'".formatted(name)));
    }

    static JsonObject object(JsonObject object, String name) {
        return object(get(object, name), name);
    }

    static JsonObject object(JsonElement element, String name) {
        if (!element.isJsonObject()) {
            throw wrongType(name);
        }
        return element.getAsJsonObject();
    }

    /** Returns the elements of an array. */
    static List<JsonElement> list(JsonObject object, String name) {
        return list(get(object, name), name);
    }

    static List<JsonElement> list(JsonElement element, String name) {
        if (!(element instanceof JsonArray array)) {
            throw wrongType(name);
        }
        return array.asList();
    }

    static String text(JsonObject object, String name) {
        return text(get(object, name), name);
    }

    static String text(JsonElement element, String name) {
        if (!element.isJsonPrimitive()) {
            throw wrongType(name);
        }
        return element.getAsString();
    }

    static long number(JsonObject object, String name) {
        return number(get(object, name), name);
    }

    static long number(JsonElement element, String name) {
        try {
            return Long.parseLong(text(element, name));
        } catch (NumberFormatException e) {
            var failure = wrongType(name);
            failure.initCause(e);
            throw failure;
        }
    }

    /** Returns the only member of an object, whose name is the type of its value. */
    static Map.Entry<String, JsonElement> only(JsonElement element, String name) {
        var members = object(element, name).entrySet();
        if (members.size() != 1) {
            throw wrongType(name);
        }
        return members.iterator().next();
    }

    private static SourceException wrongType(String name) {
        return new SourceException("'%s' of its program has another type".formatted(name));
    }
}
