package stir.backend.tf.graph;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import stir.api.DataException;

/**
 * A conversion of a graph with function calls, as TensorFlow 2 exports it, to a flat graph, because
 * {@code Graph.addGradients} does not support calls.
 *
 * <p>Calls are replaced by the function's nodes, with the call's name as a prefix; {@code If} on a
 * constant condition (a switch between training and inference) by the taken branch. References of
 * function bodies ({@code node:argument:0}) become those of graphs ({@code node:0}). Only nodes
 * that the outputs depend on are kept.
 *
 * <p>Control dependencies order side effects, which {@link StateChanges} refuses, so they are
 * dropped. Graphs of TensorFlow 1 with {@code Switch} and {@code Merge} keep them, because they
 * determine the branch of a node; {@link DeadBranches} resolves these.
 */
public final class GraphFlattener {
    private static final int MAX_NODES = 500_000;

    private final GraphDef graph;
    private final Flattening flattening;
    private final CallScope main;

    /**
     * Creates a flattener.
     *
     * @param boundInputs for each function, the object graph's nodes of its last inputs; empty
     *     without an object graph
     */
    public GraphFlattener(GraphDef graph, Map<String, List<Integer>> boundInputs, OpRegistry ops) {
        this.graph = graph;
        this.flattening = new Flattening(
                ops,
                new FunctionLibrary(graph.getLibrary()),
                boundInputs,
                graph.getNodeList().stream().anyMatch(node -> node.getOp().equals("Switch")));
        graph.getNodeList().forEach(node -> flattening.names().add(node.getName()));
        this.main = CallScope.main(graph.getNodeList(), flattening);
    }

    /** Returns the tensor of the flat graph that replaces a tensor of the main graph. */
    public TensorName flat(TensorName tensor) {
        return main.resolve(tensor.toString()).name();
    }

    /** Returns the nodes in the object graph, by the variables' handles in the flat graph. */
    public Map<String, Integer> variables() {
        return Map.copyOf(flattening.variables());
    }

    /** Returns the changes of variables, once the graph is flat. */
    public StateChanges changes() {
        return flattening.changes();
    }

    /** Returns the flat graph that computes some tensors of the main graph. */
    public FlatGraph flatten(Collection<TensorName> tensors) {
        var sorted = new LinkedHashMap<String, NodeDef>();
        var visited = new HashSet<String>();
        var open = new ArrayDeque<Visit>();
        if (!flattening.keepsControl()) {
            main.addChanges(tensors.stream().map(TensorName::toString).toList());
        }
        for (TensorName tensor : tensors) {
            open.push(new Visit(main.resolve(tensor.toString())));
            while (!open.isEmpty()) {
                var visit = open.peek();
                var name = visit.source.name().node();
                if (visit.inputs == null) {
                    if (!visited.add(name)) {
                        if (!sorted.containsKey(name)) {
                            requireLoop(name, open);
                        }
                        open.pop();
                        continue;
                    }
                    if (visited.size() > MAX_NODES) {
                        throw new DataException(
                                "The graph has over %d nodes when its functions are inlined: export a smaller model."
                                        .formatted(MAX_NODES));
                    }
                    visit.inputs = visit.source.inputs();
                }
                if (visit.next < visit.inputs.size()) {
                    open.push(new Visit(visit.inputs.get(visit.next++)));
                } else {
                    sorted.put(name, visit.source.scope().emit(visit.source.node(), visit.inputs));
                    open.pop();
                }
            }
        }
        return new FlatGraph(sorted.values(), flattening.functions().calledBy(sorted.values()), graph.getVersions());
    }

    /** Checks that a cycle is a loop of TensorFlow 1 and not a defect. */
    private static void requireLoop(String name, ArrayDeque<Visit> open) {
        for (Visit visit : open) {
            if (visit.source.node().getOp().equals("NextIteration")) {
                return;
            }
            if (visit.inputs != null && visit.source.name().node().equals(name)) {
                throw TensorFlowMessages.damaged("the node " + name + " depends on itself");
            }
        }
    }

    /** A node that is added to the flat graph after its inputs. */
    private static final class Visit {
        private final CallScope.Source source;
        private @Nullable List<CallScope.Source> inputs;
        private int next;

        Visit(CallScope.Source source) {
            this.source = source;
        }
    }
}
