package stir.backend.djl.exported;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.backend.djl.libtorch.AllowedOperators;
import stir.backend.djl.libtorch.AtenFunctions;
import stir.backend.djl.libtorch.SourceException;

/**
 * The graph of a program that {@code torch.export} wrote: a flat list of calls of ATen's operators
 * with all their arguments. Immutable.
 */
final class ProgramGraph {
    private static final String ATEN = "torch.ops.aten.";

    /** The largest size of an input. */
    private static final long MOST_VALUES = 1L << 26;

    private static final String INFERENCE = "call model.eval() before exporting it";
    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z_]\\w*");

    /** An element of a container in the expression of a module, the innermost first. */
    private static final Pattern ELEMENT = Pattern.compile("getattr\\(([^()]*), '([^']*)'\\)");

    /** Checks of sizes, which have no effect on values. */
    private static final Set<String> CHECKS = Set.of(
            "_assert_tensor_metadata",
            "_assert_scalar",
            "_assert_async",
            "sym_constrain_range",
            "sym_constrain_range_for_size");

    /** Functions of numbers, which compute sizes. */
    private static final Map<String, String> NUMBERS = Map.ofEntries(
            Map.entry("_operator.mul", "torch.mul"),
            Map.entry("_operator.add", "torch.add"),
            Map.entry("_operator.sub", "torch.sub"),
            Map.entry("_operator.neg", "torch.neg"),
            Map.entry("_operator.floordiv", "torch.floordiv"),
            Map.entry("_operator.mod", "torch.remainder"),
            Map.entry("_operator.truediv", "torch.div"),
            Map.entry("_operator.ge", "torch.ge"),
            Map.entry("_operator.gt", "torch.gt"),
            Map.entry("_operator.le", "torch.le"),
            Map.entry("_operator.lt", "torch.lt"),
            Map.entry("_operator.eq", "torch.eq"),
            Map.entry("_operator.ne", "torch.ne"),
            Map.entry("math.trunc", "int"),
            Map.entry("math.floor", "torch.floor"),
            Map.entry("math.ceil", "torch.ceil"),
            Map.entry("torch.sym_float", "float"),
            Map.entry("torch.sym_max", "ops.prim.max"),
            Map.entry("torch.sym_min", "ops.prim.min"),
            Map.entry("torch.sym_not", "torch.__not__"));

    /** Operators of sizes, which TorchScript calls otherwise. */
    private static final Map<String, String> SIZES =
            Map.of("sym_size", "size", "sym_numel", "numel", "sym_stride", "stride");

    /** Arguments that are only given by name, in archives that do not record it. */
    private static final Set<String> BY_NAME =
            Set.of(("dtype layout device pin_memory memory_format generator approximate"
                            + " rounding_mode correction non_blocking scale enable_gqa")
                    .split(" ", -1));

    /** Functions whose result depends on values, so that sizes are not fixed by those of inputs. */
    private static final Set<String> OF_VALUES = Set.of("item", "_local_scalar_dense", "nonzero");

    /** The types of inputs that are given in single precision, as is all that follows. */
    private static final Set<DataType> REAL =
            Set.of(DataType.FLOAT32, DataType.FLOAT16, DataType.BFLOAT16, DataType.FLOAT64);

    private static final Set<DataType> INTEGERS = Set.of(DataType.INT32, DataType.INT64);

    private final List<StoredAttribute> attributes = new ArrayList<>();
    private final List<GraphNode> nodes = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    /** The tensors that the program holds, and views of them. */
    private final Set<String> held = new HashSet<>();

    private final List<String> inputs = new ArrayList<>();
    private final Map<String, List<Long>> stated = new LinkedHashMap<>();
    private final Map<String, SideInputs.Side> given = new LinkedHashMap<>();
    private final String input;
    private final List<Optional<Integer>> inputSizes;
    private final List<String> outputs;
    private final JsonObject values;
    private int unused;

    /**
     * A tensor that the program holds.
     *
     * @param name its name in the graph
     * @param key its name among the stored tensors
     */
    record StoredAttribute(String name, String key) {}

    /**
     * Reads a program.
     *
     * @param file its name, for messages
     * @throws SourceException if it has not the form that PyTorch writes, or can't be run
     * @throws stir.api.UsageException if the side inputs are not those of the program
     */
    ProgramGraph(JsonObject program, String file, SideInputs given) {
        var module = Json.object(program, "graph_module");
        var graph = Json.object(module, "graph");
        var signature = Json.object(module, "signature");
        readInputs(signature);
        this.values = Json.object(graph, "tensor_values");
        this.input = choose(values, file, given);
        this.outputs = readOutputs(signature);
        this.inputSizes = inputSizes(Json.object(values, input));
        for (var node : Subgraphs.inlined(Json.list(graph, "nodes"))) {
            read(Json.object(node, "nodes")).ifPresent(this::add);
        }
        if (!known.contains(output())) {
            throw new SourceException("its program does not compute its output");
        }
    }

    private void readInputs(JsonObject signature) {
        for (var spec : Json.list(signature, "input_specs")) {
            var only = Json.only(spec, "input_specs");
            var value = Json.object(only.getValue(), only.getKey());
            switch (only.getKey()) {
                case "parameter" -> hold(value, "parameter_name");
                case "buffer" -> hold(value, "buffer_name");
                case "tensor_constant" -> hold(value, "tensor_constant_name");
                case "user_input" -> {
                    var argument = Json.only(Json.get(value, "arg"), "arg");
                    if (argument.getKey().equals("as_tensor")) {
                        inputs.add(GraphArgument.checked(
                                Json.text(Json.object(argument.getValue(), "as_tensor"), "name")));
                    }
                }
                case "constant_input" -> {} // a plain value, which the graph contains
                default ->
                    throw new SourceException(
                            "its program takes an input of the kind %s".formatted(only.getKey()),
                            "export it without such inputs");
            }
        }
        if (inputs.isEmpty()) {
            throw new SourceException(
                    "its network takes no tensor", "wrap it in a module that takes one, and export that");
        }
        known.addAll(inputs);
    }

    /** Returns the searched input, and states the sizes of all. */
    private String choose(JsonObject tensors, String file, SideInputs sides) {
        var real = new ArrayList<String>();
        for (var name : inputs) {
            var tensor = Json.object(tensors, name);
            var type = DataType.of(Json.number(tensor, "dtype"));
            if (type.filter(REAL::contains).isPresent()) {
                real.add(name);
            }
            var side = sides.given().get(name);
            if (side != null) {
                side.require(name, kind(type));
                given.put(name, new SideInputs.Side(kind(type), side.constant(), side.example()));
            }
            stated.put(
                    name,
                    sizes(tensor).stream()
                            .map(size -> size.map(Long::valueOf).orElse(-1L))
                            .toList());
        }
        var chosen = sides.choose(file, inputs, real, List.of());
        stated.forEach((name, sizes) -> {
            var side = given.get(name);
            if (side != null) {
                side.requireSizes(name, sizes);
            }
        });
        return chosen;
    }

    private static SideInputs.Type kind(Optional<DataType> type) {
        if (type.filter(DataType.BOOL::equals).isPresent()) {
            return SideInputs.Type.BOOLEAN;
        }
        return type.filter(REAL::contains).isPresent() ? SideInputs.Type.FLOAT : SideInputs.Type.INTEGER;
    }

    private void hold(JsonObject spec, String key) {
        var name = GraphArgument.checked(Json.text(Json.object(spec, "arg"), "name"));
        attributes.add(new StoredAttribute(name, Json.text(spec, key)));
        known.add(name);
        held.add(name);
    }

    private static List<String> readOutputs(JsonObject signature) {
        var outputs = new ArrayList<String>();
        for (var spec : Json.list(signature, "output_specs")) {
            var only = Json.only(spec, "output_specs");
            if (!only.getKey().equals("user_output")) {
                throw new SourceException(
                        "a pass changes its own tensors (%s)"
                                .formatted(only.getKey().replace('_', ' ')),
                        INFERENCE);
            }
            var argument = Json.only(Json.get(Json.object(only.getValue(), "output"), "arg"), "arg");
            if (argument.getKey().equals("as_tensor")) {
                var tensor = Json.object(argument.getValue(), "as_tensor");
                outputs.add(GraphArgument.checked(Json.text(tensor, "name")));
            }
        }
        if (outputs.isEmpty()) {
            throw new SourceException("its network returns no tensor", "export a module that returns one");
        }
        return List.copyOf(outputs);
    }

    private static List<Optional<Integer>> inputSizes(JsonObject tensor) {
        var type = DataType.of(Json.number(tensor, "dtype"));
        if (type.filter(INTEGERS::contains).isPresent()) {
            throw SourceException.ofTokenIds();
        }
        if (type.filter(REAL::contains).isEmpty()) {
            throw new SourceException(
                    "its input is not of the type float32",
                    "export it in single precision, as in model.float(), for a float32 input");
        }
        return sizes(tensor);
    }

    private static List<Optional<Integer>> sizes(JsonObject tensor) {
        return Json.list(tensor, "sizes").stream()
                .map(size -> {
                    var only = Json.only(size, "sizes");
                    return only.getKey().equals("as_int")
                            ? Optional.of(size(Json.number(only.getValue(), "as_int")))
                            : Optional.<Integer>empty();
                })
                .toList();
    }

    private static int size(long recorded) {
        if (recorded < 1 || recorded > MOST_VALUES) {
            throw new SourceException("its input has a size of %d".formatted(recorded));
        }
        return (int) recorded;
    }

    private void add(GraphNode node) {
        for (var name : node.inputs()) {
            if (!known.contains(name)) {
                throw new SourceException("its program reads %s before it is computed".formatted(name));
            }
        }
        nodes.add(node);
    }

    private Optional<GraphNode> read(JsonObject node) {
        var target = Json.text(node, "target");
        var function = function(target);
        if (CHECKS.contains(function)) {
            return Optional.empty();
        }
        var writer = new GraphArgument(input);
        var called = called(target, function);
        var arguments = arguments(Json.list(node, "inputs"), writer);
        requireUnchanged(function, writer.names());
        var tensors = new ArrayList<String>();
        var names = new ArrayList<String>();
        boolean list = false;
        var outputs = Json.list(node, "outputs");
        for (var output : outputs) {
            var outputNames = GraphArgument.outputs(output, tensors);
            list |= Json.only(output, "output").getKey().equals("as_tensors");
            names.addAll(outputNames.isEmpty() ? List.of("_unused" + unused++) : outputNames);
        }
        for (var name : names) {
            if (!known.add(name)) {
                throw new SourceException("its program computes %s twice".formatted(name));
            }
        }
        if (list && outputs.size() > 1) {
            throw new SourceException(
                    "an operator of its program returns a list among other results",
                    "export it without such operators");
        }
        if (AtenFunctions.VIEWS.matcher(function).matches()
                && writer.names().stream().limit(1).anyMatch(held::contains)) {
            held.addAll(names);
        }
        boolean several = list || names.size() > 1;
        return Optional.of(new GraphNode(
                function,
                called,
                arguments,
                several ? "_results" + unused++ : names.isEmpty() ? "_unused" + unused++ : names.get(0),
                several ? names : List.of(),
                tensors,
                writer.names(),
                calls(node)));
    }

    /** Refuses a change of a tensor that the program holds, or of a view of one. */
    private void requireUnchanged(String function, List<String> inputs) {
        if (AtenFunctions.CHANGES.matcher(function).matches()
                && inputs.stream().limit(1).anyMatch(held::contains)) {
            throw new SourceException(
                    "a pass changes its own tensor %s by %s".formatted(inputs.get(0), function), INFERENCE);
        }
    }

    /** Returns the name of an operator without its namespace and overload. */
    private static String function(String target) {
        if (!target.startsWith(ATEN)) {
            return target;
        }
        var function = target.substring(ATEN.length()).replaceFirst("\\..*", "");
        if (!FUNCTION.matcher(function).matches()) {
            throw new SourceException("its program calls an operator without a name");
        }
        return function;
    }

    private static String called(String target, String function) {
        if (OF_VALUES.contains(function)) {
            throw new SourceException(
                    "sizes in it depend on values (%s)".formatted(target), "export a part of it whose sizes do not");
        }
        var number = NUMBERS.get(target);
        if (number != null) {
            return number;
        }
        if (!target.startsWith(ATEN)) {
            throw new SourceException(
                    target.startsWith("torch.ops.higher_order.")
                            ? "it contains the control flow %s"
                                    .formatted(target.substring("torch.ops.higher_order.".length()))
                            : "it calls %s, which is not an operator of PyTorch's own".formatted(target),
                    "export a network of PyTorch's own operators without it");
        }
        AllowedOperators.check("aten", function);
        return "torch." + SIZES.getOrDefault(function, function);
    }

    private static List<String> arguments(List<JsonElement> inputs, GraphArgument writer) {
        var arguments = new ArrayList<String>();
        boolean named = false;
        for (var input : inputs) {
            var one = Json.object(input, "inputs");
            var name = Json.text(one, "name");
            named |= Json.find(one, "kind")
                    .map(kind -> Json.number(kind, "kind") == 2)
                    .orElse(BY_NAME.contains(name));
            var value = writer.write(Json.object(one, "arg"));
            arguments.add(named ? GraphArgument.named(name, value) : value);
        }
        return arguments;
    }

    /** Returns the calls of modules that contain an operator, from the outside in. */
    private static List<GraphNode.ModuleStackEntry> calls(JsonObject node) {
        var stack = Json.find(node, "metadata")
                .map(metadata -> Json.object(metadata, "metadata"))
                .flatMap(metadata -> Json.find(metadata, "nn_module_stack"))
                .map(text -> Json.text(text, "nn_module_stack"))
                .orElse("");
        var calls = new ArrayList<GraphNode.ModuleStackEntry>();
        for (var call : stack.split(";", -1)) {
            int first = call.indexOf(',');
            int last = call.lastIndexOf(',');
            var path = first < last ? path(call.substring(first + 1, last)) : "";
            if (!path.isEmpty()) {
                var type = call.substring(last + 1);
                calls.add(new GraphNode.ModuleStackEntry(
                        call.substring(0, first), path, type.substring(type.lastIndexOf('.') + 1)));
            }
        }
        return calls;
    }

    /**
     * Returns a module's path without the expression of the network itself, {@code L['self']}.
     * Where {@code forward} calls itself by another name, PyTorch records {@code
     * getattr(L['net'].body, '0')} for {@code body.0}.
     */
    private static String path(String recorded) {
        var path = recorded;
        for (var element = ELEMENT.matcher(path); element.find(); element = ELEMENT.matcher(path)) {
            path = element.replaceFirst("$1.$2");
        }
        path = path.replaceAll("\\[(\\d+)]", ".$1");
        return path.replaceFirst("^L\\['\\w+']\\.?", "").replaceFirst("@\\d+$", "");
    }

    List<StoredAttribute> attributes() {
        return attributes;
    }

    List<GraphNode> nodes() {
        return nodes;
    }

    /** Returns the sizes of all inputs with that of the batch first, -1 where they are free. */
    Map<String, List<Long>> stated() {
        return stated;
    }

    /** Returns the side inputs, of the types that the program takes. */
    SideInputs given() {
        return new SideInputs(Optional.of(input), given);
    }

    /** Returns the name of the searched input. */
    String input() {
        return input;
    }

    /** Returns the names of the tensors that it takes, in the order of its arguments. */
    List<String> inputs() {
        return inputs;
    }

    /** Returns the name of the network's first output. */
    String output() {
        return outputs.get(0);
    }

    /** Returns the names of the network's outputs, at least one. */
    List<String> outputs() {
        return outputs;
    }

    /** Returns the sizes of a tensor; empty where they are free, or all of an unknown tensor's. */
    List<Optional<Integer>> sizesOf(String tensor) {
        return values.has(tensor) ? sizes(Json.object(values, tensor)) : List.of();
    }

    /** Returns the shape of one input; free sizes are unknown. */
    Shape inputShape() {
        return Shape.of(inputSizes.stream()
                .skip(1)
                .mapToInt(size -> size.orElse(Shape.UNKNOWN))
                .toArray());
    }

    /** Returns the number of inputs for which it was exported; empty if any number is accepted. */
    OptionalInt rows() {
        return inputSizes.stream()
                .limit(1)
                .flatMap(Optional::stream)
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    /** Returns the index of the operator that computes each tensor, by the tensor's name. */
    Map<String, Integer> definitions() {
        var definitions = new LinkedHashMap<String, Integer>();
        for (int i = 0; i < nodes.size(); i++) {
            for (var name : nodes.get(i).tensors()) {
                definitions.put(name, i);
            }
        }
        return definitions;
    }
}
