package stir.backend.tf.graph;

import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns a graph with function calls, as TensorFlow 2 exports it, into one flat graph: {@code
 * Graph.addGradients} can't see through calls.
 *
 * <p>Calls are replaced by the function's nodes, whose names get the call's as a prefix; {@code If}
 * on a constant condition (a switch between training and inference) by the branch that is taken.
 * References of function bodies ({@code node:argument:0}) become those of graphs ({@code node:0}).
 * Nothing that the outputs don't need is kept.
 *
 * <p>Control dependencies order side effects, of which inference has none: they are dropped. Graphs
 * of TensorFlow 1 with {@code Switch} and {@code Merge} keep them, since there they tell which
 * branch a node is in; {@link DeadBranches} resolves these.
 */
public final class GraphFlattener {
    private final GraphDef graph;
    private final Flattening flattening;
    private final CallScope main;

    /**
     * @param boundInputs for each function, the object graph's nodes whose values its last inputs
     *     are; empty without an object graph
     */
    public GraphFlattener(GraphDef graph, Map<String, List<Integer>> boundInputs, OpRegistry ops) {
        this.graph = graph;
        this.flattening =
                new Flattening(
                        ops,
                        new FunctionLibrary(graph.getLibrary()),
                        boundInputs,
                        graph.getNodeList().stream()
                                .anyMatch(node -> node.getOp().equals("Switch")));
        graph.getNodeList().forEach(node -> flattening.names().add(node.getName()));
        this.main = CallScope.main(graph.getNodeList(), flattening);
    }

    /** The tensor of the flat graph that a tensor of the main graph becomes. */
    public TensorName flat(TensorName tensor) {
        return main.resolve(tensor.toString()).name();
    }

    /** For each variable's handle in the flat graph, its node in the object graph. */
    public Map<String, Integer> variables() {
        return Map.copyOf(flattening.variables());
    }

    /** The flat graph of what some tensors of the main graph need. */
    public FlatGraph flatten(Collection<TensorName> tensors) {
        var sorted = new LinkedHashMap<String, NodeDef>();
        var visited = new HashSet<String>();
        var open = new ArrayDeque<Visit>();
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
        return new FlatGraph(
                sorted.values(),
                flattening.functions().calledBy(sorted.values()),
                graph.getVersions());
    }

    /** A node that takes its own value is a loop of TensorFlow 1, or a mistake. */
    private static void requireLoop(String name, ArrayDeque<Visit> open) {
        for (Visit visit : open) {
            if (visit.source.node().getOp().equals("NextIteration")) {
                return;
            }
            if (visit.inputs != null && visit.source.name().node().equals(name)) {
                throw Messages.damaged("the node " + name + " takes itself");
            }
        }
    }

    /** A node on its way into the flat graph, after its inputs. */
    private static final class Visit {
        private final CallScope.Source source;
        private @Nullable List<CallScope.Source> inputs;
        private int next;

        Visit(CallScope.Source source) {
            this.source = source;
        }
    }
}
