package stir.backend.tf;

import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;

import stir.api.DataException;
import stir.backend.tf.graph.DeadBranches;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphFlattener;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.graph.ValuePath;
import stir.backend.tf.rewrite.Augmentation;
import stir.backend.tf.rewrite.GradientRewrites;
import stir.backend.tf.saved.HookCatalogue;
import stir.backend.tf.saved.InputNode;
import stir.backend.tf.saved.ModelFile;
import stir.backend.tf.saved.Weights;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A model of which hooks can be cut: its graph is flat, is fed with floats, and has its gradients.
 *
 * @param file what was read
 * @param ops the operations that the native library knows
 * @param inputNode the node that is fed
 * @param graph the graph
 * @param weights where its variables come from
 * @param values what the input's values flow through
 * @param catalogue the places for hooks
 */
record PreparedModel(
        ModelFile file,
        OpRegistry ops,
        String inputNode,
        FlatGraph graph,
        Weights weights,
        ValuePath values,
        HookCatalogue catalogue) {
    /**
     * Prepares a model; TensorFlow is loaded.
     *
     * @param config how a session computes that reads variables
     * @throws DataException if the graph contradicts itself, or its outputs do not depend on the
     *     input
     */
    static PreparedModel of(ModelFile file, ConfigProto config) {
        var ops = new OpRegistry();
        var flat = Flat.of(file, ops);
        var fed = InputNode.place(flat.graph(), flat.input(), file);
        var bound = Weights.bind(file, fed, flat.variables(), config);
        var input = flat.input().node();
        var inferring = Augmentation.remove(bound.graph(), input, ops);
        var graph = GradientRewrites.apply(inferring, input, ops);
        var values = new ValuePath(graph, input, ops);
        var reads = readVariables(file, graph, flat.variables());
        var catalogue = new HookCatalogue(graph, values, reads, ops);
        return new PreparedModel(file, ops, input, graph, bound.weights(), values, catalogue);
    }

    /**
     * A file's graph without functions and branches that are never taken.
     *
     * @param input where the input is fed
     * @param variables for each variable's handle, its node in the object graph
     */
    private record Flat(FlatGraph graph, TensorName input, Map<String, Integer> variables) {
        static Flat of(ModelFile file, OpRegistry ops) {
            var flattener = new GraphFlattener(file.graph(), boundInputs(file), ops);
            var input = flattener.flat(file.input());
            var graph = DeadBranches.resolve(flattener.flatten(file.outputs()));
            if (!graph.contains(input.node())) {
                throw new DataException(
                        "The outputs of '%s' do not depend on its input '%s': choose another signature."
                                .formatted(file.path(), file.inputName()));
            }
            return new Flat(graph, input, flattener.variables());
        }
    }

    private static Map<String, List<Integer>> boundInputs(ModelFile file) {
        var objects = file.objects();
        var bound = new HashMap<String, List<Integer>>();
        if (objects != null) {
            objects.getConcreteFunctionsMap()
                    .forEach((name, function) -> bound.put(name, function.getBoundInputsList()));
        }
        return bound;
    }

    /** For each node that reads a variable, the name that its author gave the variable. */
    private static Map<String, String> readVariables(
            ModelFile file, FlatGraph graph, Map<String, Integer> objectNodes) {
        SavedObjectGraph objects = file.objects();
        var reads = new HashMap<String, String>();
        if (objects == null) {
            return reads;
        }
        for (NodeDef node : graph.nodes().values()) {
            var object =
                    node.getOp().equals("ReadVariableOp")
                            ? objectNodes.get(TensorName.parse(node.getInput(0)).node())
                            : null;
            if (object != null) {
                reads.put(node.getName(), objects.getNodes(object).getVariable().getName());
            }
        }
        return reads;
    }
}
