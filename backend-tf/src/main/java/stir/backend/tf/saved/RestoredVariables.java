package stir.backend.tf.saved;

import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TString;
import stir.api.DataException;
import stir.backend.tf.graph.AllowedOperations;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.NodeBuilders;

/** The variables of a model of TensorFlow 1, as its own nodes restore them from its checkpoint. */
final class RestoredVariables {
    private RestoredVariables() {}

    /**
     * Returns the values of variables, by their names.
     *
     * @param handles the variables that are resources
     * @param references the variables that are references
     * @throws DataException if the nodes that restore them contain an operation that is not allowed
     */
    static Map<String, TensorProto> read(
            TensorFlowFile file, List<NodeDef> handles, List<NodeDef> references, ConfigProto config) {
        var saver = file.saver();
        if (saver == null) {
            throw Weights.unreadable(file.path(), new IllegalArgumentException("the file does not restore them"));
        }
        var values = new HashMap<String, TensorProto>();
        var variables = Stream.concat(handles.stream(), references.stream()).toList();
        try (var restored = new Graph();
                var session = new Session(restored, config);
                var checkpoint = TString.scalarOf(file.checkpoint().toString())) {
            restored.importGraphDef(
                    restoring(file, saver, Weights.names(variables)).toGraphDef());
            session.runner()
                    .feed(saver.getFilenameTensorName(), checkpoint)
                    .addTarget(saver.getRestoreOpName())
                    .run()
                    .close();
            var runner = session.runner().feed(saver.getFilenameTensorName(), checkpoint);
            for (NodeDef reference : references) {
                runner.fetch(reference.getName());
            }
            for (NodeDef handle : handles) {
                runner.fetch(restored.opBuilder("ReadVariableOp", "stir_read/" + handle.getName(), restored.baseScope())
                        .addInput(restored.outputOrThrow(handle.getName()))
                        .setAttr("dtype", handle.getAttrOrThrow("dtype").getType())
                        .build()
                        .output(0));
            }
            try (var result = runner.run()) {
                collect(references, result, 0, values);
                collect(handles, result, references.size(), values);
            }
        }
        return values;
    }

    /**
     * Returns the nodes that restore variables, and no others: TensorFlow's own loader would run
     * whatever a file initialises itself with. They may read the model's checkpoint alone. The
     * nodes that a variable itself depends on (by control dependencies) also run when it is read;
     * they may read no checkpoint.
     */
    private static FlatGraph restoring(TensorFlowFile file, SaverDef saver, List<String> variables) {
        var checkpoint = saver.getFilenameTensorName();
        var nodes = new ArrayList<NodeDef>();
        for (NodeDef node : file.graph().getNodeList()) {
            var plain = node.toBuilder().setDevice("").removeAttr("_class");
            nodes.add((node.getOp().equals(Weights.RESTORE_OPERATION) ? plain.setInput(0, checkpoint) : plain).build());
        }
        var whole = new FlatGraph(
                nodes, FunctionDefLibrary.getDefaultInstance(), file.graph().getVersions());
        var restoring = whole.ancestors(saver.getRestoreOpName(), producer -> true);
        var reading = new HashSet<String>();
        variables.forEach(variable -> reading.addAll(whole.ancestors(variable, producer -> true)));
        var part = new ArrayList<NodeDef>();
        var checked = new ArrayList<NodeDef>();
        for (NodeDef node : nodes) {
            boolean isRead = reading.contains(node.getName());
            if (isRead || restoring.contains(node.getName())) {
                part.add(node);
                if (isRead || !node.getOp().equals(Weights.RESTORE_OPERATION)) {
                    checked.add(node);
                }
            }
        }
        AllowedOperations.require(whole.with(checked).toGraphDef());
        return whole.with(part);
    }

    private static void collect(List<NodeDef> variables, Result result, int first, Map<String, TensorProto> values) {
        for (int i = 0; i < variables.size(); i++) {
            var variable = variables.get(i);
            values.put(
                    variable.getName(),
                    proto(
                            result.get(first + i),
                            variable.getAttrOrThrow("dtype").getType()));
        }
    }

    private static TensorProto proto(Tensor tensor, DataType type) {
        var bytes = new byte[Math.toIntExact(tensor.numBytes())];
        tensor.asRawTensor().data().read(bytes);
        return TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(NodeBuilders.shapeOf(tensor.shape().asArray()))
                .setTensorContent(UnsafeByteOperations.unsafeWrap(bytes))
                .build();
    }
}
