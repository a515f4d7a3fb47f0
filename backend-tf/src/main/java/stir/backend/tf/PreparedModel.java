package stir.backend.tf;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import stir.api.DataException;
import stir.api.support.GraphAnalysis;
import stir.backend.tf.graph.AllowedOperations;
import stir.backend.tf.graph.DeadBranches;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.GraphFlattener;
import stir.backend.tf.graph.GraphOperators;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.StateChanges;
import stir.backend.tf.graph.TensorName;
import stir.backend.tf.graph.ValuePath;
import stir.backend.tf.rewrite.AugmentationRemoval;
import stir.backend.tf.rewrite.GradientRewrites;
import stir.backend.tf.saved.HookCatalogue;
import stir.backend.tf.saved.InputNode;
import stir.backend.tf.saved.SideInput;
import stir.backend.tf.saved.TensorFlowFile;
import stir.backend.tf.saved.Weights;

/**
 * A model ready for hooks: its graph is flat, takes floats, and has its gradients.
 *
 * @param file the model's file
 * @param ops the operations of the native library
 * @param inputNode the node that is fed
 * @param sides the side inputs, whose tensors are those of the graph
 * @param measured the tensor that is measured by default; empty if there is none
 * @param weights the source of its variables
 * @param values the nodes that depend on the input's values
 * @param catalogue the places for hooks
 */
record PreparedModel(
        TensorFlowFile file,
        OpRegistry ops,
        String inputNode,
        List<SideInput> sides,
        Optional<TensorName> measured,
        FlatGraph graph,
        Weights weights,
        ValuePath values,
        HookCatalogue catalogue) {
    /**
     * Prepares a model; TensorFlow is loaded already.
     *
     * @param config the settings of sessions
     * @throws DataException if the graph is inconsistent, has operations that are not allowed,
     *     changes what it reads, or its outputs do not depend on the input
     */
    static PreparedModel of(TensorFlowFile file, ConfigProto config) {
        var ops = new OpRegistry(config);
        var flat = Flat.of(file, ops);
        var fed = InputNode.place(flat.graph(), flat.input(), file);
        var bound = Weights.bind(file, fed, flat.variables(), config);
        var input = flat.input().node();
        var inferring = AugmentationRemoval.remove(bound.graph(), input, ops);
        flat.changes().requireUnread(flat.graph(), inferring);
        var measured = new GraphAnalysis<>(new GraphOperators(inferring))
                .measured(flat.outputs())
                .map(GraphAnalysis.Measured::value);
        var graph = GradientRewrites.apply(inferring, input, ops);
        var values = new ValuePath(graph, input, ops);
        var reads = readVariables(file, graph, flat.variables());
        var catalogue = new HookCatalogue(graph, values, reads, ops);
        return new PreparedModel(file, ops, input, flat.sides(), measured, graph, bound.weights(), values, catalogue);
    }

    /**
     * A file's graph without function calls and dead branches.
     *
     * @param input the tensor that is fed
     * @param variables the nodes in the object graph, by the variables' handles
     * @param changes the changes of variables
     */
    private record Flat(
            FlatGraph graph,
            TensorName input,
            List<SideInput> sides,
            List<TensorName> outputs,
            Map<String, Integer> variables,
            StateChanges changes) {
        static Flat of(TensorFlowFile file, OpRegistry ops) {
            var flattener = new GraphFlattener(withTruths(file), boundInputs(file), ops);
            var input = flattener.flat(file.input());
            var graph = DeadBranches.resolve(flattener.flatten(file.outputs()));
            if (!graph.contains(input.node())) {
                throw new DataException("The outputs of '%s' do not depend on its input '%s': choose another signature."
                        .formatted(file.path(), file.inputName()));
            }
            AllowedOperations.require(graph.toGraphDef());
            var sides = file.sides().stream()
                    .filter(side -> side.truth().isEmpty())
                    .map(side -> side.at(flattener.flat(side.tensor())))
                    .toList();
            var outputs = file.outputs().stream().map(flattener::flat).toList();
            return new Flat(graph, input, sides, outputs, flattener.variables(), flattener.changes());
        }
    }

    /** Returns the graph with the truth values that are given for all inputs as constants. */
    private static GraphDef withTruths(TensorFlowFile file) {
        var truths = new HashMap<String, NodeDef>();
        for (var side : file.sides()) {
            side.truth().ifPresent(constant -> truths.put(constant.getName(), constant));
        }
        if (truths.isEmpty()) {
            return file.graph();
        }
        var graph = file.graph().toBuilder().clearNode();
        for (var node : file.graph().getNodeList()) {
            graph.addNode(truths.getOrDefault(node.getName(), node));
        }
        return graph.build();
    }

    private static Map<String, List<Integer>> boundInputs(TensorFlowFile file) {
        var objects = file.objects();
        var bound = new HashMap<String, List<Integer>>();
        if (objects != null) {
            objects.getConcreteFunctionsMap()
                    .forEach((name, function) -> bound.put(name, function.getBoundInputsList()));
        }
        return bound;
    }

    /** Returns the authors' names of variables, by the nodes that read them. */
    private static Map<String, String> readVariables(
            TensorFlowFile file, FlatGraph graph, Map<String, Integer> objectNodes) {
        SavedObjectGraph objects = file.objects();
        var reads = new HashMap<String, String>();
        if (objects == null) {
            return reads;
        }
        for (NodeDef node : graph.nodes().values()) {
            var object = node.getOp().equals("ReadVariableOp")
                    ? objectNodes.get(TensorName.parse(node.getInput(0)).node())
                    : null;
            if (object != null) {
                reads.put(node.getName(), objects.getNodes(object).getVariable().getName());
            }
        }
        return reads;
    }
}
