package stir.backend.tf.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import stir.api.DataException;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.graph.ValuePath;

/**
 * A removal of layers of random augmentation (flips, rotations, zoom, contrast), which are the
 * identity at inference but active in Keras's exports.
 *
 * <p>Such a layer is a scope with random numbers that one tensor of values enters and one leaves,
 * and has one of Keras's names or precedes all weights. Scopes with several, such as a variational
 * autoencoder's sampling, are kept, and so are layers that change the size of images.
 */
public final class AugmentationRemoval {
    private static final Pattern RANDOM = Pattern.compile("(Stateless)?(Random|TruncatedNormal).*");

    /** Keras's default names of such layers. */
    private static final Pattern NAMED = Pattern.compile("(random_|rand_augment|aug_mix).*");

    /** A scope of dropout: layers of Keras, and TensorFlow's functions in layers of any name. */
    private static final Pattern DROPOUT = Pattern.compile("(^|.*/)[^/]*(?i:dropout)[^/]*(?=/)");

    private static final Set<String> GIVEN = Set.of("Placeholder", "PlaceholderWithDefault");

    private static final Pattern RESIZING = Pattern.compile("random_(crop|height|width|resized_crop).*");

    /** Operations of layers with weights, whose variables are missing in a frozen graph. */
    private static final Set<String> LEARNED =
            Set.of(("Conv2D Conv3D Conv2DBackpropInput DepthwiseConv2dNative MatMul BatchMatMulV2"
                            + " BatchMatMulV3 Einsum BiasAdd FusedBatchNormV3")
                    .split(" ", -1));

    private final FlatGraph graph;
    private final OpRegistry ops;
    private final ValuePath values;
    private final Map<String, List<NodeDef>> consumers;

    /** The tensors that enter and leave a scope. */
    private record Passage(TensorName entering, TensorName leaving) {}

    private AugmentationRemoval(FlatGraph graph, String input, OpRegistry ops) {
        this.graph = graph;
        this.ops = ops;
        this.values = new ValuePath(graph, input, ops);
        this.consumers = graph.consumers();
    }

    /**
     * Returns the graph without augmentation.
     *
     * @throws DataException if it has active dropout
     */
    public static FlatGraph remove(FlatGraph graph, String input, OpRegistry ops) {
        return new AugmentationRemoval(graph, input, ops).removed();
    }

    private FlatGraph removed() {
        var passages = new TreeMap<String, Passage>();
        for (NodeDef node : graph.nodes().values()) {
            if (RANDOM.matcher(node.getOp()).matches() && !isDropout(node)) {
                layerOf(node.getName(), passages);
            }
        }
        if (passages.isEmpty()) {
            return graph;
        }
        var replaced = new HashMap<String, NodeDef>();
        passages.values().forEach(passage -> replaced.put(passage.leaving().node(), identity(passage)));
        return graph.with(withoutUnused(replaced, passages.keySet()));
    }

    /**
     * Adds the scope of a random node's layer: the innermost one with one of Keras's names, or else
     * the innermost one before all weights with one tensor entering and one leaving.
     */
    private void layerOf(String node, Map<String, Passage> passages) {
        Optional<String> layer = Optional.empty();
        for (int end = node.lastIndexOf('/'); end > 0; end = node.lastIndexOf('/', end - 1)) {
            var scope = node.substring(0, end);
            var name = scope.substring(scope.lastIndexOf('/') + 1);
            if (passages.containsKey(scope) || RESIZING.matcher(name).matches()) {
                return;
            }
            boolean named = NAMED.matcher(name).matches();
            if ((named || (layer.isEmpty() && !hasWeights(scope)))
                    && passage(scope)
                            .filter(passage -> named || isBeforeWeights(passage, passages.keySet()))
                            .isPresent()) {
                layer = Optional.of(scope);
                if (named) {
                    break;
                }
            }
        }
        layer.ifPresent(scope -> passage(scope).ifPresent(passage -> passages.put(scope, passage)));
    }

    /** Returns whether a scope contains layers that learn, so that it is more than augmentation. */
    private boolean hasWeights(String scope) {
        return graph.nodes().values().stream()
                .filter(node -> isWithin(node.getName(), scope) && values.contains(node.getName()))
                .anyMatch(this::isLearned);
    }

    private boolean isLearned(NodeDef node) {
        return LEARNED.contains(node.getOp())
                || FlatGraph.inputs(node).stream()
                        .map(input -> graph.node(input.node()).getOp())
                        .anyMatch("ReadVariableOp"::equals);
    }

    /** Returns whether only other augmentation precedes a passage: within a network, all counts. */
    private boolean isBeforeWeights(Passage passage, Set<String> removed) {
        return graph.ancestors(passage.entering().node(), from -> values.contains(from.node())).stream()
                .filter(name -> removed.stream().noneMatch(scope -> isWithin(name, scope)))
                .map(graph::node)
                .noneMatch(this::isLearned);
    }

    /**
     * Returns whether a random node belongs to dropout whose rate is an input of the network, which
     * may be 0.
     *
     * @throws DataException if it belongs to dropout of a fixed rate
     */
    private boolean isDropout(NodeDef node) {
        var scope = DROPOUT.matcher(node.getName());
        if (!scope.lookingAt()) {
            return false;
        }
        boolean isGiven = graph.nodes().keySet().stream()
                .filter(name -> isWithin(name, scope.group()))
                .flatMap(name -> graph.ancestors(name, from -> !values.contains(from.node())).stream())
                .anyMatch(name -> GIVEN.contains(graph.node(name).getOp()));
        if (!isGiven) {
            throw new DataException(
                    "The operation %s (node %s) drops values at random: export the network for inference, with training=False."
                            .formatted(node.getOp(), node.getName()));
        }
        return true;
    }

    private Optional<Passage> passage(String scope) {
        var entering = new HashSet<TensorName>();
        var leaving = new HashSet<TensorName>();
        for (NodeDef node : graph.nodes().values()) {
            if (!isWithin(node.getName(), scope) || !values.contains(node.getName())) {
                continue;
            }
            for (TensorName producer : FlatGraph.inputs(node)) {
                if (!isWithin(producer.node(), scope) && isValue(producer)) {
                    entering.add(producer);
                }
            }
            for (NodeDef consumer : consumers.getOrDefault(node.getName(), List.of())) {
                if (!isWithin(consumer.getName(), scope) && values.contains(consumer.getName())) {
                    FlatGraph.inputs(consumer).stream()
                            .filter(input -> input.node().equals(node.getName()) && isValue(input))
                            .forEach(leaving::add);
                }
            }
        }
        if (entering.size() != 1 || leaving.size() != 1) {
            return Optional.empty();
        }
        var passage = new Passage(entering.iterator().next(), leaving.iterator().next());
        boolean sameType =
                passage.leaving().index() == 0 && type(passage.entering()).equals(type(passage.leaving()));
        return sameType ? Optional.of(passage) : Optional.empty();
    }

    private static boolean isWithin(String node, String scope) {
        return node.startsWith(scope + "/");
    }

    private boolean isValue(TensorName tensor) {
        return values.contains(tensor.node()) && OpRegistry.isFloating(type(tensor));
    }

    private DataType type(TensorName tensor) {
        return ops.outputType(graph.node(tensor.node()), tensor.index());
    }

    private NodeDef identity(Passage passage) {
        return NodeBuilders.typed(
                        "Identity",
                        passage.leaving().node(),
                        type(passage.leaving()),
                        passage.entering().toString())
                .build();
    }

    /** Returns the nodes without the removed layers' nodes that nothing reads any more. */
    private List<NodeDef> withoutUnused(Map<String, NodeDef> replaced, Set<String> scopes) {
        var kept = new ArrayList<NodeDef>();
        var taken = new HashSet<String>();
        var nodes = new ArrayList<>(graph.nodes().values());
        for (int i = nodes.size() - 1; i >= 0; i--) {
            var name = nodes.get(i).getName();
            var node = replaced.getOrDefault(name, nodes.get(i));
            boolean within = scopes.stream().anyMatch(scope -> isWithin(name, scope));
            if (!within || replaced.containsKey(name) || taken.contains(name)) {
                node.getInputList()
                        .forEach(input -> taken.add(TensorName.parse(input).node()));
                kept.add(node);
            }
        }
        Collections.reverse(kept);
        return kept;
    }
}
