package stir.backend.tf.saved;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TrackableObjectGraphOuterClass.TrackableObjectGraph;
import org.tensorflow.types.TString;
import stir.api.DataException;
import stir.api.StirException;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.TensorFlowMessages;
import stir.backend.tf.graph.TensorName;

/**
 * The variables of a model.
 *
 * <p>Those of TensorFlow 2 stay variables: each hook restores the ones that it needs from the
 * checkpoint, by the keys in the object graph. (Constants would be copied through protobuf several
 * times and be limited to 2 GB.) Those of TensorFlow 1, which has no object graph, are restored
 * once by the file's own nodes and become constants.
 *
 * @param model the model's path, for messages
 * @param checkpoint the common prefix of the checkpoint's files
 * @param keys the keys in the checkpoint, by the variables' handles; empty for frozen graphs
 */
public record Weights(Path model, Path checkpoint, Map<String, String> keys) {
    /** The name of the node that restores the variables. */
    public static final String RESTORE = "stir_restore/all";

    private static final String OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";
    private static final String VALUE = "VARIABLE_VALUE";
    static final String RESTORE_OPERATION = "RestoreV2";
    private static final Set<String> REFERENCE_VARIABLES = Set.of("Variable", "VariableV2");

    /** A graph with the source of its variables. */
    public record Bound(FlatGraph graph, Weights weights) {}

    /**
     * Finds the variables of a graph, or replaces them by constants.
     *
     * @param objectNodes the nodes in the object graph, by the variables' handles
     * @param config the settings of sessions
     * @throws DataException if the variables are missing or can't be read
     */
    public static Bound bind(
            TensorFlowFile file, FlatGraph graph, Map<String, Integer> objectNodes, ConfigProto config) {
        var handles = graph.nodes().values().stream()
                .filter(node -> node.getOp().equals("VarHandleOp"))
                .toList();
        var references = graph.nodes().values().stream()
                .filter(node -> REFERENCE_VARIABLES.contains(node.getOp()))
                .toList();
        if (handles.isEmpty() && references.isEmpty()) {
            return new Bound(graph, new Weights(file.path(), file.checkpoint(), Map.of()));
        }
        var index = Path.of(file.checkpoint() + ".index");
        if (!Files.exists(index)) {
            throw new DataException("The variables of '%s' are missing (there is no %s): copy the whole folder."
                    .formatted(file.path(), file.path().relativize(index)));
        }
        requireRegularFiles(index.getParent());
        try {
            var keys = references.isEmpty() ? keys(file, handles, objectNodes, config) : null;
            return keys == null
                    ? new Bound(
                            frozen(graph, RestoredVariables.read(file, handles, references, config)),
                            new Weights(file.path(), file.checkpoint(), Map.of()))
                    : new Bound(withUniqueNames(graph), new Weights(file.path(), file.checkpoint(), keys));
        } catch (RuntimeException e) { // TensorFlow's exceptions have no other common supertype
            throw e instanceof StirException own ? own : unreadable(file.path(), e);
        } catch (InvalidProtocolBufferException e) {
            throw unreadable(file.path(), e);
        }
    }

    /** Checks the files of variables: opening a pipe would wait forever. */
    private static void requireRegularFiles(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                TensorFlowFile.requireRegular(file);
            }
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    public static DataException unreadable(Path model, Throwable e) {
        return new DataException(
                "The variables of '%s' can't be read (%s): copy or export the model again."
                        .formatted(model, TensorFlowMessages.firstLine(e)),
                e);
    }

    /** Returns the checkpoint's keys; null if it or the model has no object graph. */
    private static @Nullable Map<String, String> keys(
            TensorFlowFile file, List<NodeDef> handles, Map<String, Integer> objectNodes, ConfigProto config)
            throws InvalidProtocolBufferException {
        if (file.objects() == null || !objectNodes.keySet().containsAll(names(handles))) {
            return null;
        }
        var stored = storedKeys(file.checkpoint(), config);
        var keys = new LinkedHashMap<String, String>();
        for (NodeDef handle : handles) {
            var key = stored.get(objectNodes.get(handle.getName()));
            if (key == null) {
                return null;
            }
            keys.put(handle.getName(), key);
        }
        return keys;
    }

    static List<String> names(List<NodeDef> nodes) {
        return nodes.stream().map(NodeDef::getName).toList();
    }

    /** Returns the keys of the variables, by their nodes in the object graph. */
    private static Map<Integer, String> storedKeys(Path checkpoint, ConfigProto config)
            throws InvalidProtocolBufferException {
        try (var graph = new Graph();
                var session = new Session(graph, config)) {
            var tf = Ops.create(graph);
            var restored = tf.train.restore(
                    tf.constant(checkpoint.toString()), tf.array(OBJECT_GRAPH), tf.array(""), List.of(TString.class));
            try (var result = session.runner().fetch(restored.tensors().get(0)).run()) {
                var bytes = ((TString) result.get(0)).asBytes().getObject();
                var objects = TrackableObjectGraph.parseFrom(bytes);
                var keys = new HashMap<Integer, String>();
                for (int i = 0; i < objects.getNodesCount(); i++) {
                    for (var attribute : objects.getNodes(i).getAttributesList()) {
                        if (attribute.getName().equals(VALUE)) {
                            keys.put(i, attribute.getCheckpointKey());
                        }
                    }
                }
                return keys;
            }
        }
    }

    /** Gives handles unique names, since a shared name would mean one variable. */
    private static FlatGraph withUniqueNames(FlatGraph graph) {
        var nodes = new ArrayList<NodeDef>();
        for (NodeDef node : graph.nodes().values()) {
            var name = NodeBuilders.text("stir/" + node.getName());
            nodes.add(
                    node.getOp().equals("VarHandleOp")
                            ? node.toBuilder().putAttr("shared_name", name).build()
                            : node);
        }
        return graph.with(nodes);
    }

    /** Replaces all variables by their values. */
    private static FlatGraph frozen(FlatGraph graph, Map<String, TensorProto> values) {
        var nodes = new ArrayList<NodeDef>();
        for (NodeDef node : graph.nodes().values()) {
            var variable = node.getOp().equals("ReadVariableOp")
                    ? TensorName.parse(node.getInput(0)).node()
                    : REFERENCE_VARIABLES.contains(node.getOp()) ? node.getName() : "";
            var value = values.get(variable);
            nodes.add(value == null ? node : NodeBuilders.constant(node.getName(), value));
        }
        return graph.with(nodes);
    }

    /** Returns the nodes that restore the variables in a graph; empty if there are none. */
    public List<NodeDef> restoration(FlatGraph graph) {
        var handles = graph.nodes().values().stream()
                .filter(node -> keys.containsKey(node.getName()))
                .toList();
        if (handles.isEmpty()) {
            return List.of();
        }
        var nodes = new ArrayList<NodeDef>();
        var types = AttrValue.ListValue.newBuilder();
        var all = NodeBuilders.node("NoOp", RESTORE);
        for (NodeDef handle : handles) {
            var name = "stir_restore/assign_" + types.getTypeCount();
            nodes.add(NodeBuilders.node(
                            "AssignVariableOp", name, handle.getName(), "stir_restore/values:" + types.getTypeCount())
                    .putAttr("dtype", handle.getAttrOrThrow("dtype"))
                    .build());
            types.addType(handle.getAttrOrThrow("dtype").getType());
            all.addInput("^" + name);
        }
        nodes.add(all.build());
        nodes.add(NodeBuilders.constant(
                "stir_restore/checkpoint",
                TensorProto.newBuilder()
                        .setDtype(DataType.DT_STRING)
                        .setTensorShape(NodeBuilders.shapeOf())
                        .addStringVal(ByteString.copyFromUtf8(checkpoint.toString()))
                        .build()));
        nodes.add(NodeBuilders.strings(
                "stir_restore/keys", names(handles).stream().map(this::key).toList()));
        nodes.add(NodeBuilders.strings(
                "stir_restore/slices", handles.stream().map(handle -> "").toList()));
        nodes.add(NodeBuilders.node(
                        RESTORE_OPERATION,
                        "stir_restore/values",
                        "stir_restore/checkpoint",
                        "stir_restore/keys",
                        "stir_restore/slices")
                .putAttr("dtypes", AttrValue.newBuilder().setList(types).build())
                .build());
        return nodes;
    }

    private String key(String handle) {
        return keys.getOrDefault(handle, handle);
    }
}
