package stir.core.io.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.deser.std.StdDelegatingDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdDelegatingSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.util.StdConverter;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.IoReason;

/**
 * Documents as files: records that Jackson binds to JSON objects. The fields have the names and the
 * order of the record's components, with underscores before capitals, which become small letters.
 * An empty {@link Optional} is left out. The first field is {@code schema}: the name of the
 * document and the version of its shape, {@code name/1}. The last one, {@code checksum}, is the
 * hash of the text without it, by which a file that was changed by hand is recognised.
 */
public final class JsonFile {
    /** More than any document of Stir has. */
    private static final long MAX_BYTES = 256L << 20;

    private static final ObjectWriter WRITER = mapper().writerWithView(Object.class);
    private static final ObjectReader READER = mapper().reader();
    private static final Pattern CHECKSUM = Pattern.compile(",\\s*\"checksum\" : \"([0-9a-f]{64})\"(?=\\s*}\\s*$)");

    private JsonFile() {}

    private static JsonMapper mapper() {
        return JsonMapper.builder()
                .addModule(new Jdk8Module())
                .addModule(new SimpleModule()
                        .addSerializer(new StdDelegatingSerializer(Shape.class, new ShapeWriter()))
                        .addDeserializer(Shape.class, new StdDelegatingDeserializer<>(new ShapeReader())))
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS))
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                .withCoercionConfig(LogicalType.Textual, JsonFile::refuseOtherKinds)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.USE_LONG_FOR_INTS)
                .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
                .withConfigOverride(
                        List.class, type -> type.setSetterInfo(JsonSetter.Value.construct(Nulls.AS_EMPTY, Nulls.FAIL)))
                .withConfigOverride(Map.class, type -> type.setSetterInfo(nullsAsEmpty()))
                .withConfigOverride(String.class, type -> type.setSetterInfo(nullsAsEmpty()))
                .build();
    }

    private static void refuseOtherKinds(MutableCoercionConfig texts) {
        for (var kind : List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
            texts.setCoercion(kind, CoercionAction.Fail);
        }
    }

    private static JsonSetter.Value nullsAsEmpty() {
        return JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY);
    }

    /** Returns a shape's dimensions, unknown ones as null. */
    private static final class ShapeWriter extends StdConverter<Shape, List<OptionalInt>> {
        @Override
        public List<OptionalInt> convert(Shape shape) {
            var sizes = new ArrayList<OptionalInt>();
            for (int size : shape.dimensions()) {
                sizes.add(size == Shape.UNKNOWN ? OptionalInt.empty() : OptionalInt.of(size));
            }
            return sizes;
        }
    }

    /** Returns the shape of the dimensions that {@link ShapeWriter} returned. */
    private static final class ShapeReader extends StdConverter<List<OptionalInt>, Shape> {
        @Override
        public Shape convert(List<OptionalInt> sizes) {
            return Shape.of(
                    sizes.stream().mapToInt(size -> size.orElse(Shape.UNKNOWN)).toArray());
        }
    }

    /** Returns the writer of documents, which a pretty printer can be added to. */
    public static ObjectWriter writer() {
        return WRITER;
    }

    /** Returns truth values and numbers as they are, and any other value as its text. */
    public static Object plain(Object value) {
        return value instanceof Boolean || value instanceof Integer || value instanceof Long || value instanceof Double
                ? value
                : value.toString();
    }

    /** Writes a document as a whole. */
    public static void write(Path file, Object document) throws IOException {
        write(file, checked(text(document)));
    }

    /**
     * Writes a document as a whole, with the parts that only a later run needs.
     *
     * @param view the class that marks these parts ({@code JsonView})
     */
    public static void write(Path file, Object document, Class<?> view) throws IOException {
        var writer = WRITER.withView(view).withDefaultPrettyPrinter();
        write(file, checked(text(writer, document) + "\n"));
    }

    /** Returns whether a file is exactly what {@link #write} writes of a document. */
    public static boolean isWritten(Path file, Object document) throws IOException {
        return Files.exists(file) && Files.readString(file).equals(checked(text(document)));
    }

    static String checked(String text) {
        int end = text.lastIndexOf("\n}");
        return "%s,\n  \"checksum\" : \"%s\"%s".formatted(text.substring(0, end), Sha256.of(text), text.substring(end));
    }

    private static void write(Path file, String text) throws IOException {
        new AtomicFiles().write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Returns a document as it is written: several lines, with a line end after the last one. */
    public static String text(Object document) {
        return text(WRITER.withDefaultPrettyPrinter(), document) + "\n";
    }

    /** Returns a document as a writer formats it. */
    public static String text(ObjectWriter writer, Object document) {
        try {
            return writer.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A document is always written", e);
        }
    }

    /** Returns the fields of a document. */
    public static JsonNode tree(Object document) {
        try {
            return READER.readTree(text(WRITER, document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A document that was written is always read", e);
        }
    }

    private static String readText(Path file) throws IOException {
        ExistingPath.checkNoPipe(file);
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException("it is larger than %d MB".formatted(MAX_BYTES >> 20));
        }
        return Files.readString(file);
    }

    /**
     * Returns a document of the text of a file.
     *
     * @throws IOException if the text is not such a document
     */
    public static <T> T parse(String text, Class<T> type) throws IOException {
        return READER.forType(type).readValue(text);
    }

    /**
     * Reads the fields of a document of any schema, which may be somebody else's.
     *
     * @param remedy what to do if that fails, for the message
     * @throws UsageException if there is no such file
     * @throws DataException if it can't be read, is larger than any document of Stir, or is not JSON
     */
    public static JsonNode read(Path file, String remedy) {
        ExistingPath.check(List.of(file));
        try {
            return READER.readTree(readText(file));
        } catch (IOException e) {
            var reason = e instanceof StreamConstraintsException
                    ? "its nesting, a text or a number exceeds all bounds"
                    : e instanceof JsonProcessingException ? "it is not JSON" + place(e) : IoReason.of(e);
            throw new DataException("%s could not be read (%s): %s.".formatted(file, reason, remedy), e);
        }
    }

    /**
     * Reads a document.
     *
     * @param schema the only schema that is accepted
     * @param type the record that the document is bound to
     * @return empty if there is no such file
     * @throws DataException if it is damaged, or of another schema
     */
    public static <T> Optional<T> read(Path file, String schema, Class<T> type) {
        try {
            var text = readText(file);
            var tree = READER.readTree(text);
            if (!tree.isObject()) {
                throw new IOException("The document is not a JSON object");
            }
            var actual = tree.path("schema").asText("");
            if (!actual.equals(schema)) {
                throw new DataException(
                        "%s was written by another version of Stir (its schema is '%s', not '%s'): open it with that version, or make the results again in a new folder."
                                .formatted(file, actual.isEmpty() ? "not given" : actual, schema));
            }
            var checksum = CHECKSUM.matcher(text);
            if (!(checksum.find() && Sha256.of(checksum.replaceFirst("")).equals(checksum.group(1)))) {
                throw new DataException(
                        "%s is damaged or was changed: remove it, and run the same command again to recreate it."
                                .formatted(file));
            }
            return Optional.of(parse(text, type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            throw new DataException("%s could not be read (%s): check the path.".formatted(file, IoReason.of(e)), e);
        } catch (IOException e) {
            throw new DataException("%s is damaged%s: remove it to compute it again.".formatted(file, place(e)), e);
        }
    }

    /** Returns where a document is damaged: {@code at parts[0].place, in line 1}. */
    private static String place(IOException failure) {
        var place = new StringBuilder();
        if (failure instanceof JsonMappingException mapping) {
            for (var key : mapping.getPath()) {
                var name = key.getFieldName();
                place.append(name == null ? "[" + key.getIndex() + "]" : "." + name);
            }
        }
        var at = place.isEmpty() ? "" : " at " + place.substring(1);
        return failure instanceof JsonProcessingException json && json.getLocation() != null
                ? at
                        + (at.isEmpty() ? " at line " : ", in line ")
                        + json.getLocation().getLineNr()
                : at;
    }
}
