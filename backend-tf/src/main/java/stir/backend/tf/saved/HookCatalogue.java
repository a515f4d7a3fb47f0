package stir.backend.tf.saved;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.NodeDef;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.graph.ValuePath;

/**
 * The places of a graph where hooks can be set: Keras's layers, and in graphs without layers the
 * nodes. A hook can be set at every node, listed or not.
 */
public final class HookCatalogue {
    /** Operations that characterise a layer; other layers are named after their last operation. */
    private static final Set<String> CHARACTERISTIC =
            Set.of(("Conv2D Conv3D DepthwiseConv2dNative Conv2DBackpropInput MatMul BatchMatMul"
                            + " BatchMatMulV2 BatchMatMulV3 Einsum MaxPool AvgPool Softmax"
                            + " FusedBatchNormV3")
                    .split(" ", -1));

    /** Operations that do not change their input. */
    private static final Set<String> NEUTRAL = Set.of("Identity", "StopGradient", "Placeholder");

    /** The number of layers that a message about an ambiguous name lists. */
    private static final int MAX_MEANT = 8;

    /**
     * A place for a hook.
     *
     * @param name the name for users
     * @param kind the operation that characterises it
     * @param node the node that computes the representation
     */
    public record NamedHook(String name, String kind, String node) {}

    private final FlatGraph graph;
    private final ValuePath values;
    private final Map<String, List<NodeDef>> consumers;
    private final OpRegistry ops;
    private final Map<String, NamedHook> hooks = new LinkedHashMap<>();
    private final Map<String, NamedHook> byScope = new HashMap<>();
    private final Map<String, Set<NamedHook>> byBareName = new HashMap<>();

    /**
     * Creates the catalogue.
     *
     * @param reads the variables' names, by the nodes that read them
     */
    public HookCatalogue(FlatGraph graph, ValuePath values, Map<String, String> reads, OpRegistry ops) {
        this.graph = graph;
        this.values = values;
        this.consumers = graph.consumers();
        this.ops = ops;
        var nodes = graph.nodes().values().stream().filter(this::hasValues).toList();
        addLayers(new KerasNames(nodes, reads, reads.isEmpty() ? parts(nodes) : reads.keySet()));
        addLooseNodes(nodes, byScope.keySet());
    }

    private boolean hasValues(NodeDef node) {
        return values.contains(node.getName())
                && !node.getName().contains("/stir_")
                && OpRegistry.isFloating(ops.outputType(node, 0));
    }

    private static List<String> parts(List<NodeDef> nodes) {
        return nodes.stream()
                .filter(node -> CHARACTERISTIC.contains(node.getOp()))
                .map(NodeDef::getName)
                .toList();
    }

    private void addLayers(KerasNames keras) {
        for (var layer : keras.layers().entrySet()) {
            var path = layer.getKey();
            var name = layer.getValue();
            var nodes = keras.nodes(path);
            var hook = new NamedHook(name, kind(nodes), output(path, nodes));
            hooks.put(name, hook);
            byScope.put(path, hook);
            for (String full : List.of(path, name)) {
                var bare = full.substring(full.lastIndexOf('/') + 1);
                byBareName
                        .computeIfAbsent(bare, unused -> new LinkedHashSet<>())
                        .add(hook);
            }
        }
    }

    /** Adds the nodes outside all layers, which are all nodes of a graph without Keras. */
    private void addLooseNodes(List<NodeDef> nodes, Set<String> layers) {
        for (NodeDef node : nodes) {
            boolean isLoose = KerasNames.scopes(node.getName()).stream().noneMatch(layers::contains);
            if (isLoose && !NEUTRAL.contains(node.getOp())) {
                hooks.putIfAbsent(node.getName(), new NamedHook(node.getName(), node.getOp(), node.getName()));
            }
        }
    }

    private static String kind(List<NodeDef> nodes) {
        return nodes.stream()
                .map(NodeDef::getOp)
                .filter(CHARACTERISTIC::contains)
                .findFirst()
                .orElse(nodes.get(nodes.size() - 1).getOp());
    }

    /** Returns the last node of a layer whose value leaves it. */
    private String output(String path, List<NodeDef> nodes) {
        var output = nodes.get(nodes.size() - 1);
        for (NodeDef node : nodes) {
            var consuming = consumers.getOrDefault(node.getName(), List.of());
            if (consuming.stream().anyMatch(consumer -> !consumer.getName().startsWith(path + "/"))) {
                output = node;
            }
        }
        return output.getName();
    }

    private static String paths(Set<NamedHook> meant) {
        var names = meant.stream().map(NamedHook::name).limit(MAX_MEANT).collect(Collectors.joining(", "));
        return meant.size() > MAX_MEANT ? names + ", ..." : names;
    }

    /** Returns the listed hooks, in the order of the network. */
    public List<NamedHook> listed() {
        var positions = new HashMap<String, Integer>();
        graph.nodes().keySet().forEach(name -> positions.put(name, positions.size()));
        return hooks.values().stream()
                .sorted(Comparator.comparingInt(hook -> positions.getOrDefault(hook.node(), 0)))
                .toList();
    }

    /** Returns the name of the outermost listed layer whose value is a tensor. */
    public Optional<String> layerEndingAt(TensorName tensor) {
        return hooks.values().stream()
                .filter(hook -> tensor.equals(new TensorName(hook.node(), 0)))
                .map(NamedHook::name)
                .min(Comparator.comparingInt(String::length));
    }

    /**
     * Returns the hook with a name: a listed one, a scope, a node, or the last part of one of
     * these.
     *
     * @throws UsageException if there is none, or if such a part could mean several
     */
    public NamedHook find(String name) {
        var hook = hooks.get(name);
        if (hook == null) {
            hook = byScope.get(name);
        }
        if (hook != null) {
            return hook;
        }
        var meant = byBareName.getOrDefault(name, Set.of());
        if (meant.size() == 1) {
            return meant.iterator().next();
        }
        if (meant.size() > 1) {
            throw new UsageException("The layer name '%s' is ambiguous; it matches %d layers: %s."
                    .formatted(name, meant.size(), paths(meant)));
        }
        var tensor = TensorName.parse(name);
        if (tensor.index() == 0 && graph.contains(tensor.node()) && hasValues(graph.node(tensor.node()))) {
            return new NamedHook(name, graph.node(tensor.node()).getOp(), tensor.node());
        }
        throw NearestNames.unknownLayer(name, hooks.keySet());
    }
}
