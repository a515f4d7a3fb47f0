package stir.backend.djl.exported;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import stir.backend.djl.libtorch.AllowedOperators;
import stir.backend.djl.libtorch.SourceException;

/**
 * The writer of an operator's arguments as TorchScript. The types are those of PyTorch's {@code
 * torch/_export/serde/schema.py}, the numbers of enumerations those of libtorch's {@code c10}.
 */
final class GraphArgument {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");
    private static final Pattern PLAIN_TEXT = Pattern.compile("[\\w .,:;>|+*/=()-]*");
    private static final Set<String> RESERVED =
            Set.of(("self torch ops CONSTANTS inf nan infj nanj annotate uninitialized"
                            + " fork unchecked_cast int float bool complex str isinstance and or not"
                            + " if elif else for in while return def class None True False is with"
                            + " as import pass break continue raise assert lambda global del except"
                            + " try from print Tensor List Tuple Optional")
                    .split(" ", -1));

    private static final Map<Long, Integer> MEMORY_FORMATS = Map.of(1L, 0, 2L, 2, 3L, 3, 4L, 1);
    private static final long STRIDED = 7;

    private final String device;
    private final List<String> names = new ArrayList<>();

    /**
     * Creates a writer for one operator.
     *
     * @param input the name of the network's input, on whose device all tensors are
     */
    GraphArgument(String input) {
        this.device = "ops.prim.device(%s)".formatted(input);
    }

    /** Returns the names of the values that were written so far. */
    List<String> names() {
        return List.copyOf(names);
    }

    /**
     * Checks a name that becomes part of source.
     *
     * @throws SourceException if it is not an identifier, or has a meaning of its own
     */
    static String checked(String name) {
        if (!NAME.matcher(name).matches()
                || RESERVED.contains(name)
                || name.startsWith("_stir")
                || name.startsWith("_unused")
                || name.startsWith("_results")
                || name.startsWith("__")) {
            throw new SourceException(
                    "a value of its program has the name '%s', which is reserved or not an identifier".formatted(name));
        }
        return name;
    }

    /** Returns the source of an argument that is given by name. */
    static String named(String name, String value) {
        if (name.equals("unsafe")) {
            throw AllowedOperators.ofMemory(name);
        }
        if (!NAME.matcher(name).matches()) {
            throw new SourceException("an argument of its program has no valid name");
        }
        return name + "=" + value;
    }

    /** Returns an argument's source. */
    String write(JsonElement argument) {
        var only = Json.only(argument, "arg");
        var value = only.getValue();
        return switch (only.getKey()) {
            case "as_tensor" -> tensor(value);
            case "as_none" -> "None";
            case "as_int" -> Long.toString(Json.number(value, "as_int"));
            case "as_float" -> real(value);
            case "as_bool" -> truth(value);
            case "as_string" -> quoted(Json.text(value, "as_string"));
            case "as_ints" -> list(value, "int", one -> Long.toString(Json.number(one, "as_ints")));
            case "as_floats" -> list(value, "float", GraphArgument::real);
            case "as_bools" -> list(value, "bool", GraphArgument::truth);
            case "as_tensors" -> list(value, "Tensor", this::tensor);
            case "as_optional_tensors" ->
                "annotate(List[Optional[Tensor]], %s)".formatted(list(value, "Optional[Tensor]", this::write));
            case "as_optional_tensor" -> write(value);
            case "as_scalar_type" ->
                known(DataType.of(Json.number(value, "as_scalar_type")).map(DataType::ofLibtorch), "data type");
            case "as_memory_format" ->
                known(Optional.ofNullable(MEMORY_FORMATS.get(Json.number(value, "as_memory_format"))), "memory format");
            case "as_layout" -> layout(value);
            case "as_device" -> device;
            case "as_sym_int", "as_sym_bool", "as_sym_float" -> symbol(value);
            case "as_sym_ints", "as_sym_floats" -> list(value, "int", this::symbol);
            default ->
                throw new SourceException(
                        "an operator of its program has an argument of the kind %s"
                                .formatted(only.getKey().replaceFirst("^as_", "")),
                        "export it without such operators");
        };
    }

    private String tensor(JsonElement value) {
        var name = checked(Json.text(Json.object(value, "as_tensor"), "name"));
        names.add(name);
        return name;
    }

    private String symbol(JsonElement value) {
        var only = Json.only(value, "symbol");
        if (!only.getKey().equals("as_name")) {
            return write(value);
        }
        var name = checked(Json.text(only.getValue(), "as_name"));
        names.add(name);
        return name;
    }

    private static String list(JsonElement values, String type, Function<JsonElement, String> write) {
        var elements = Json.list(values, type);
        return elements.isEmpty()
                ? "annotate(List[%s], [])".formatted(type)
                : elements.stream().map(write).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String real(JsonElement value) {
        double number;
        try {
            number = Double.parseDouble(Json.text(value, "as_float"));
        } catch (NumberFormatException e) {
            throw new SourceException("a number of its program is not one", e);
        }
        if (Double.isNaN(number)) {
            return "nan";
        }
        return Double.isInfinite(number)
                ? number > 0 ? "inf" : "-inf"
                : Double.toString(number).replace('E', 'e');
    }

    private static String truth(JsonElement value) {
        return Json.text(value, "as_bool").equals("true") ? "True" : "False";
    }

    private static String quoted(String text) {
        if (!PLAIN_TEXT.matcher(text).matches()) {
            throw new SourceException("a text of its program has unusual characters");
        }
        return '"' + text + '"';
    }

    private static String known(Optional<Integer> number, String kind) {
        return number.map(Object::toString)
                .orElseThrow(() -> new SourceException(
                        "its program has a %s that libtorch 2.7 lacks".formatted(kind), "export it in float32"));
    }

    private static String layout(JsonElement value) {
        if (Json.number(value, "as_layout") != STRIDED) {
            throw new SourceException("its program has sparse tensors", "make them dense and export it again");
        }
        return "0";
    }

    /**
     * Returns the names of the values that an operator computes, and appends the tensors' names.
     */
    static List<String> outputs(JsonElement output, List<String> tensors) {
        var only = Json.only(output, "output");
        var value = only.getValue();
        return switch (only.getKey()) {
            case "as_tensor" -> List.of(output(Json.object(value, "as_tensor"), tensors));
            case "as_tensors" ->
                Json.list(value, "as_tensors").stream()
                        .map(one -> output(Json.object(one, "as_tensors"), tensors))
                        .toList();
            case "as_sym_int", "as_sym_bool", "as_sym_float" ->
                List.of(checked(Json.text(Json.object(value, "symbol"), "as_name")));
            case "as_none" -> List.of();
            default ->
                throw new SourceException(
                        "an operator of its program gives a result of the kind %s"
                                .formatted(only.getKey().replaceFirst("^as_", "")),
                        "export it without such operators");
        };
    }

    private static String output(JsonObject tensor, List<String> tensors) {
        var name = checked(Json.text(tensor, "name"));
        tensors.add(name);
        return name;
    }
}
