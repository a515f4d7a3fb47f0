package stir.backend.onnx.modules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.modules.ModuleCall.Crossing;

/**
 * The results of PyTorch's modules in an exported graph, by the modules' paths in {@code
 * named_modules()}.
 *
 * <p>A module's result is the one tensor that is computed inside and used outside it. {@code path}
 * is the result of the module's last call, {@code path#0} that of the first, {@code path@in} the
 * tensor that enters. A number is refused if calls in a row leave no boundary. If several tensors
 * cross the boundary, or if the exporter merged operations across it, there is a reason instead of
 * a tensor.
 *
 * <p>One case leaves no trace in files of the tracing exporter and is not detected: two
 * transpositions, one at the end of a module and one after it, that cancel each other.
 */
public final class ModulePaths {
    private static final int SHOWN = 5;
    private static final String INPUT = "@in";
    private static final Pattern CALL = Pattern.compile("(.*)#(\\d{1,6})(@in)?");
    private static final String KEEP = "; export with %s to keep them apart";
    private static final String KEEP_IN_PROGRAM = KEEP.formatted("optimize=False");
    private static final String KEEP_IN_TRACE = KEEP.formatted("training=torch.onnx.TrainingMode.PRESERVE");
    private static final String MERGED_AWAY =
            "the exporter merged it with the batch normalisation after it" + KEEP_IN_PROGRAM;
    private static final String MERGED_LEAF =
            "the exporter merged it with the batch normalisation after it" + KEEP_IN_TRACE;
    private static final String MERGED_LAST =
            "the exporter merged its last convolution with a batch normalisation, which may or may not be its own"
                    + KEEP_IN_TRACE;
    private static final String MERGED_FIRST =
            "the exporter merged the convolution before it with a batch normalisation, which may or may not be its own"
                    + KEEP_IN_TRACE;
    private static final String MERGED_ACROSS =
            "the exporter merged an operation within it with one outside it" + KEEP_IN_PROGRAM;
    private static final String CHANGED =
            "the exporter may have merged an operation within it with one outside it; use a module inside it or around it";
    private static final String TRANSPOSED =
            "the exporter may have merged a transposition within it with one outside it; use a module inside it or around it";
    private static final String DOUBTFUL = "the file does not identify the calls of this module; name a tensor";
    private static final String UNCOUNTABLE = "the file does not separate the calls of this module; name a tensor";

    /**
     * The location of a name.
     *
     * @param tensor the tensor, or the nearest one if the name is refused
     * @param refusal the reason why there is no such tensor, to follow "since"; empty if there is
     *     one
     */
    public record Place(String tensor, Optional<String> refusal) {}

    private final DataFlow flow;
    private final TracedScopes traces;
    private final ModuleCalls calls;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Map<String, Place> inputs = new LinkedHashMap<>();
    private final Map<String, List<String>> namesAt = new HashMap<>();

    /** Reads the modules of a graph, which must have the names that its exporter gave. */
    public ModulePaths(Graph original) {
        var graph = withoutCopies(original);
        this.flow = new DataFlow(graph);
        this.traces = new TracedScopes(graph);
        this.calls =
                new ModuleCalls(flow, graph.nodes().stream().map(this::origin).toList());
        calls.byPath().forEach(this::add);
        for (var merged : calls.merged().entrySet()) {
            int node = merged.getValue();
            places.put(merged.getKey(), refused(node, MERGED_AWAY));
            if (calls.takesInputOfItsModule(node)) {
                var entering = flow.nodes().get(node).input(0);
                inputs.put(merged.getKey() + INPUT, new Place(entering, Optional.empty()));
            }
        }
        indexNames();
    }

    /** Returns a graph with equal weights in place of the copies that the exporter makes of one. */
    private static Graph withoutCopies(Graph graph) {
        var initialisers = new LinkedHashMap<>(graph.initialisers());
        var nodes = new ArrayList<Node>();
        for (var node : graph.nodes()) {
            var weight = node.is("Identity") ? initialisers.get(node.input(0)) : null;
            if (weight == null) {
                nodes.add(node);
            } else {
                initialisers.put(node.output(0), weight);
            }
        }
        return graph.with(nodes, initialisers);
    }

    private Optional<NodeOrigin> origin(Node node) {
        return ProgramScopes.of(node).or(() -> traces.of(node));
    }

    private void add(String path, List<ModuleCall> all) {
        boolean doubtful = traces.ambiguous().contains(path) || ModuleCalls.isAmbiguous(all);
        boolean countable = all.stream().noneMatch(calls::mayBeSeveral);
        boolean numbered = all.stream().noneMatch(calls::isNumberDoubtful);
        for (int i = 0; i < all.size(); i++) {
            var call = all.get(i);
            var name = i == all.size() - 1 ? path : path + "#" + i;
            if (!call.leaving().isEmpty()) {
                places.put(
                        name,
                        doubtful
                                ? refused(call.last(), DOUBTFUL)
                                : !numbered && !name.equals(path) ? refused(call.last(), UNCOUNTABLE) : result(call));
            }
            inputs.put(
                    name + INPUT,
                    doubtful
                            ? refused(call.last(), DOUBTFUL)
                            : !countable || (!numbered && !name.equals(path))
                                    ? refused(call.last(), UNCOUNTABLE)
                                    : input(call));
        }
    }

    private Place refused(int node, String reason) {
        return new Place(flow.nodes().get(node).output(0), Optional.of(reason));
    }

    private Place result(ModuleCall call) {
        var leaving = call.leaving();
        var tensor = leaving.keySet().iterator().next();
        if (leaving.containsValue(Crossing.MERGED)) {
            return refused(call.last(), MERGED_ACROSS);
        } else if (leaving.size() > 1) {
            return refused(call.last(), several("leave", leaving.keySet()));
        }
        var producer = flow.nodes().get(flow.producer(tensor));
        if (isMergedUnseen(producer)) {
            return refused(call.last(), calls.isLeaf(call) ? MERGED_LEAF : MERGED_LAST);
        }
        return placeOf(tensor, leaving.getOrDefault(tensor, Crossing.PLAIN), call);
    }

    private Place input(ModuleCall call) {
        var entering = call.entering();
        if (entering.containsValue(Crossing.MERGED)) {
            return refused(call.last(), MERGED_ACROSS);
        } else if (entering.size() != 1) {
            return refused(call.last(), several("enter", entering.keySet()));
        }
        var tensor = entering.keySet().iterator().next();
        int producer = flow.producer(tensor);
        if (producer == DataFlow.NONE) {
            return refused(call.last(), "it takes the network's own input");
        } else if (isMergedUnseen(flow.nodes().get(producer)) && !calls.isLeaf(call)) {
            return refused(call.last(), MERGED_FIRST);
        }
        return placeOf(tensor, entering.getOrDefault(tensor, Crossing.PLAIN), call);
    }

    private Place placeOf(String tensor, Crossing crossing, ModuleCall call) {
        return switch (crossing) {
            case PLAIN -> new Place(tensor, Optional.empty());
            case TRANSPOSED ->
                calls.isLeaf(call) && call.leaving().containsKey(tensor) && isSimple(call)
                        ? new Place(tensor, Optional.empty())
                        : refused(call.last(), TRANSPOSED);
            case CHANGED -> refused(call.last(), CHANGED);
            case MERGED -> refused(call.last(), MERGED_ACROSS);
        };
    }

    private static String several(String verb, Set<String> tensors) {
        var shown = tensors.stream().limit(SHOWN).toList();
        return "several tensors %s it; name one of %s%s"
                .formatted(verb, String.join(", ", shown), tensors.size() > SHOWN ? " and others" : "");
    }

    /** Returns whether a call is one of a layer that never ends with a transposition. */
    private boolean isSimple(ModuleCall call) {
        var operators = ("Conv ConvTranspose Gemm MatMul Add Relu Sigmoid Tanh Clip HardSwish HardSigmoid"
                        + " Erf Mul Div BatchNormalization MaxPool AveragePool GlobalAveragePool")
                .split(" ", -1);
        return call.nodes().stream().mapToObj(flow.nodes()::get).allMatch(node -> node.is(operators));
    }

    /**
     * Returns whether the tracing exporter merged a batch normalisation into a convolution: it then
     * creates weights without a module, and other tools keep the result's name.
     */
    private boolean isMergedUnseen(Node node) {
        return node.is("Conv", "ConvTranspose")
                && ProgramScopes.of(node).isEmpty()
                && ((flow.isWeight(node.input(1)) && node.input(1).contains("::")) || TracedScopes.isRenamed(node));
    }

    /** Returns the location of a module's name, if it is one. */
    public Optional<Place> find(String name) {
        var call = CALL.matcher(name);
        var given = name;
        if (call.matches()) {
            var all = calls.of(call.group(1));
            int number = Integer.parseInt(call.group(2));
            if (number >= all.size() - 1 && all.stream().anyMatch(calls::isNumberDoubtful)) {
                return Optional.of(refused(all.get(all.size() - 1).last(), UNCOUNTABLE));
            } else if (number == all.size() - 1) { // the last call may be numbered, too
                given = call.group(1) + (call.group(3) == null ? "" : INPUT);
            }
        }
        return Optional.ofNullable(places.getOrDefault(given, inputs.get(given)));
    }

    /** Returns the names of the modules whose result is a tensor, inner ones first. */
    public List<String> endingAt(String tensor) {
        return at(tensor, true);
    }

    /**
     * Returns the name of the innermost module's input that is a tensor; empty if there is none.
     */
    public Optional<String> startingAt(String tensor) {
        return inputs.entrySet().stream()
                .filter(input -> input.getValue().refusal().isEmpty())
                .filter(input -> input.getValue().tensor().equals(tensor))
                .map(Map.Entry::getKey)
                .max(Comparator.comparingLong(ModulePaths::depth));
    }

    /** Returns the names of refused modules nearest to a tensor. */
    public List<String> refusedAt(String tensor) {
        return at(tensor, false);
    }

    private List<String> at(String tensor, boolean accepted) {
        return namesAt.getOrDefault(tensor, List.of()).stream()
                .filter(name -> find(name).stream().anyMatch(at -> at.refusal().isEmpty() == accepted))
                .toList();
    }

    private void indexNames() {
        places.forEach((name, place) ->
                namesAt.computeIfAbsent(place.tensor(), t -> new ArrayList<>()).add(name));
        namesAt.values().forEach(names -> names.sort(Comparator.comparingLong((String n) -> -depth(n))));
    }

    private static long depth(String path) {
        return path.chars().filter(c -> c == '.').count();
    }

    /** Returns the names of all modules' results, including refused ones. */
    public Collection<String> names() {
        return places.keySet();
    }
}
