package stir.backend.tf.saved;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SavedObjectGraphOuterClass.SavedObjectGraph;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import stir.api.DataException;
import stir.api.SideInputs;
import stir.api.UsageException;
import stir.backend.tf.graph.Attributes;
import stir.backend.tf.graph.FlatGraph;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.graph.OpRegistry;
import stir.backend.tf.graph.TensorFlowMessages;
import stir.backend.tf.graph.TensorName;

/**
 * The content of a file or folder: a graph, its input and its outputs.
 *
 * @param path the file or folder
 * @param graph the graph with its functions
 * @param objects the object graph of TensorFlow 2, which maps variables to the checkpoint
 * @param saver the nodes that restore the variables of TensorFlow 1; null if there are none
 * @param tags the tags of the selected part; empty for a frozen graph
 * @param inputName the signature's name of the input
 * @param input the tensor that is fed
 * @param inputType the type of its values
 * @param inputShape its shape, including the batch dimension
 * @param sides the inputs that are not searched
 * @param outputs the tensors that the signature returns
 * @param writer the version of TensorFlow that wrote it; empty if unknown
 */
public record TensorFlowFile(
        Path path,
        GraphDef graph,
        @Nullable SavedObjectGraph objects,
        @Nullable SaverDef saver,
        List<String> tags,
        String inputName,
        TensorName input,
        DataType inputType,
        TensorShapeProto inputShape,
        List<SideInput> sides,
        List<TensorName> outputs,
        String writer) {

    /** The file in a SavedModel's folder. */
    static final String SAVED_MODEL = "saved_model.pb";

    /** The folder of the variables in a SavedModel's folder. */
    static final String VARIABLES = "variables";

    /** The file that lists the checkpoints of a folder. */
    static final String CHECKPOINT = "checkpoint";

    private static final String DEFAULT_SIGNATURE = "serving_default";
    private static final String DEFAULT_TAG = "serve";

    /**
     * Reads a SavedModel's folder or a frozen graph's file.
     *
     * @param settings {@link stir.api.ModelOptions#settings}
     */
    public static TensorFlowFile read(Path path, Map<String, String> settings, SideInputs given) {
        var model = Files.isDirectory(path) ? savedModel(path, settings, given) : frozen(path, settings, given);
        Attributes.requireSound(model.graph());
        return model;
    }

    /** Returns the common prefix of the files of a SavedModel's variables. */
    Path checkpoint() {
        return path.resolve(VARIABLES).resolve("variables");
    }

    private static TensorFlowFile savedModel(Path folder, Map<String, String> settings, SideInputs given) {
        var file = folder.resolve(SAVED_MODEL);
        if (!Files.exists(file) && Files.exists(folder.resolve(CHECKPOINT))) {
            throw new DataException(
                    "'%s' is a TensorFlow checkpoint, which has weights but no network: restore it in Python, and export the network with tf.saved_model.save or tf.compat.v1.saved_model.simple_save."
                            .formatted(folder));
        }
        if (!Files.exists(file)) {
            throw new DataException(
                    "'%s' is not a SavedModel, because it has no %s: export the model with model.export or tf.saved_model.save."
                            .formatted(folder, SAVED_MODEL));
        }
        var part = part(folder, parse(file, SavedModel::parseFrom), settings.get("tags"));
        var signature = signature(folder, part, settings.get("signature"));
        var wanted = settings.get("input");
        var inputs = inputs(signature, wanted);
        var chosen = choose(folder, inputs, wanted, given);
        for (var input : inputs.entrySet()) {
            if (input.getValue().getName().isEmpty()) {
                throw new DataException("The input '%s' is not a plain tensor: export the model with a dense input."
                        .formatted(input.getKey()));
            }
        }
        var input = Objects.requireNonNull(inputs.get(chosen));
        return new TensorFlowFile(
                folder,
                part.getGraphDef(),
                part.hasObjectGraphDef() ? part.getObjectGraphDef() : null,
                part.hasSaverDef() ? part.getSaverDef() : null,
                part.getMetaInfoDef().getTagsList(),
                chosen,
                TensorName.parse(input.getName()),
                input.getDtype(),
                input.getTensorShape(),
                sides(inputs, given),
                signature.getOutputsMap().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(output -> TensorName.parse(output.getValue().getName()))
                        .toList(),
                part.getMetaInfoDef().getTensorflowVersion());
    }

    private static MetaGraphDef part(Path folder, SavedModel model, @Nullable String wanted) {
        var parts = model.getMetaGraphsList();
        if (parts.isEmpty()) {
            throw new DataException("'%s' contains no graph: export the model again.".formatted(folder));
        }
        if (wanted == null) {
            return parts.stream()
                    .filter(part -> part.getMetaInfoDef().getTagsList().contains(DEFAULT_TAG))
                    .findFirst()
                    .orElse(parts.get(0));
        }
        var tags = Arrays.stream(wanted.split(",")).map(String::trim).collect(Collectors.toSet());
        return parts.stream()
                .filter(part -> Set.copyOf(part.getMetaInfoDef().getTagsList()).equals(tags))
                .findFirst()
                .orElseThrow(() -> {
                    var all = parts.stream().map(TensorFlowFile::tags).toList();
                    return new UsageException("'%s' has no part with the tags '%s': choose one of %s."
                            .formatted(folder, wanted, String.join("; ", all)));
                });
    }

    private static String tags(MetaGraphDef part) {
        return String.join(",", part.getMetaInfoDef().getTagsList());
    }

    private static SignatureDef signature(Path folder, MetaGraphDef part, @Nullable String wanted) {
        var usable = part.getSignatureDefMap().entrySet().stream()
                .filter(entry -> entry.getValue().getInputsCount() > 0
                        && entry.getValue().getOutputsCount() > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (usable.isEmpty()) {
            throw new DataException(
                    "'%s' has no signature with an input: export the model with one.".formatted(folder));
        }
        var names = usable.keySet().stream().sorted().collect(Collectors.joining(", "));
        if (wanted == null && !usable.containsKey(DEFAULT_SIGNATURE) && usable.size() > 1) {
            throw new UsageException("'%s' has several signatures: choose one of %s by the setting 'signature'."
                    .formatted(folder, names));
        }
        var name = wanted != null ? wanted : DEFAULT_SIGNATURE;
        var signature = wanted == null && usable.size() == 1
                ? usable.values().iterator().next()
                : usable.get(name);
        if (signature == null) {
            throw new UsageException("'%s' has no signature '%s': choose one of %s.".formatted(folder, name, names));
        }
        return signature;
    }

    private static SortedMap<String, TensorInfo> inputs(SignatureDef signature, @Nullable String wanted) {
        var inputs = new TreeMap<>(signature.getInputsMap());
        if (wanted != null && !inputs.containsKey(wanted)) {
            throw new UsageException("The signature has no input '%s': choose one of %s."
                    .formatted(wanted, String.join(", ", inputs.keySet())));
        }
        return inputs;
    }

    /** Returns the searched one of all inputs. */
    private static String choose(Path path, Map<String, TensorInfo> inputs, @Nullable String wanted, SideInputs given) {
        var real = inputs.entrySet().stream()
                .filter(input -> OpRegistry.isFloating(input.getValue().getDtype()))
                .map(Map.Entry::getKey)
                .toList();
        var searched = inputs.size() == 1 ? given.searched() : given.searched().or(() -> Optional.ofNullable(wanted));
        return new SideInputs(searched, given.given()).choose(path.toString(), inputs.keySet(), real, List.of());
    }

    private static List<SideInput> sides(Map<String, TensorInfo> inputs, SideInputs given) {
        var sides = new ArrayList<SideInput>();
        for (var one : inputs.entrySet()) {
            var input = one.getValue();
            var side = given.given().get(one.getKey());
            if (side != null) {
                var tensor = TensorName.parse(input.getName());
                var shape = input.getTensorShape();
                sides.add(new SideInput(one.getKey(), tensor, input.getDtype(), shape, side));
            }
        }
        return sides;
    }

    private static boolean isLite(Path file) {
        requireRegular(file);
        try {
            return FileSignature.isLite(file);
        } catch (IOException e) {
            return false; // reading it reports the failure
        }
    }

    private static TensorFlowFile frozen(Path file, Map<String, String> settings, SideInputs given) {
        var name = file.getFileName().toString();
        if (name.endsWith(".keras") || name.endsWith(".h5") || name.endsWith(".hdf5")) {
            throw new DataException(
                    "'%s' is a Keras file, which only Python can read: load it there and write a SavedModel with model.export(folder)."
                            .formatted(file));
        }
        if (isLite(file)) {
            throw new DataException(
                    "'%s' is a TensorFlow Lite file, which has no gradients: export the model that it was converted from, with model.export(folder)."
                            .formatted(file));
        }
        if (name.equals(SAVED_MODEL) && file.getParent() != null) {
            return savedModel(file.getParent(), settings, given);
        }
        var graph = parse(file, GraphDef::parseFrom);
        if (graph.getNodeCount() == 0) {
            throw new DataException("'%s' is not a frozen TensorFlow graph: it has no node.".formatted(file));
        }
        var wanted = settings.get("input");
        var inputs = placeholders(file, graph, wanted);
        var chosen = wanted != null && given.equals(SideInputs.NONE) ? wanted : choose(file, inputs, wanted, given);
        var input = Objects.requireNonNull(inputs.get(chosen));
        return new TensorFlowFile(
                file,
                graph,
                null,
                null,
                List.of(),
                chosen,
                new TensorName(chosen, 0),
                input.getDtype(),
                input.getTensorShape(),
                sides(inputs, given),
                sinks(graph),
                "");
    }

    /** Returns the placeholders by name. */
    private static SortedMap<String, TensorInfo> placeholders(Path file, GraphDef graph, @Nullable String wanted) {
        var placeholders = new TreeMap<String, TensorInfo>();
        for (NodeDef node : graph.getNodeList()) {
            if (node.getOp().equals("Placeholder")) {
                placeholders.putIfAbsent(node.getName(), info(node));
            }
        }
        if (placeholders.isEmpty()) {
            throw new DataException(
                    "The graph '%s' has no placeholder for an input: freeze the model with its input.".formatted(file));
        }
        if (wanted != null && !placeholders.containsKey(wanted)) {
            throw new UsageException("The graph '%s' has no placeholder '%s': choose one of %s."
                    .formatted(file, wanted, String.join(", ", placeholders.keySet())));
        }
        return placeholders;
    }

    private static TensorInfo info(NodeDef placeholder) {
        var unknown = TensorShapeProto.newBuilder().setUnknownRank(true).build();
        var type = placeholder.getAttrOrDefault("dtype", NodeBuilders.type(DataType.DT_INVALID));
        var shape = placeholder.getAttrOrDefault("shape", NodeBuilders.shape(unknown));
        return TensorInfo.newBuilder()
                .setName(placeholder.getName() + ":0")
                .setDtypeValue(type.getTypeValue())
                .setTensorShape(shape.getShape())
                .build();
    }

    /** Returns the tensors that no node reads; a frozen graph does not record its outputs. */
    private static List<TensorName> sinks(GraphDef graph) {
        var used = new HashSet<String>();
        for (NodeDef node : graph.getNodeList()) {
            FlatGraph.inputs(node).forEach(input -> used.add(input.node()));
        }
        return graph.getNodeList().stream()
                .filter(node -> !used.contains(node.getName()) && node.getInputCount() > 0)
                .filter(node -> !FlatGraph.inputs(node).isEmpty())
                .map(node -> new TensorName(node.getName(), 0))
                .toList();
    }

    /** Checks that a path is a file or folder: opening a pipe or device would wait forever. */
    static void requireRegular(Path path) {
        if (!Files.isRegularFile(path) && !Files.isDirectory(path)) {
            throw new DataException(
                    "'%s' is a pipe, a device or a link to nothing: put the model's file there.".formatted(path));
        }
    }

    private interface Parser<T> {
        T parse(InputStream in) throws IOException;
    }

    private static <T> T parse(Path file, Parser<T> parser) {
        requireRegular(file);
        try (var in = Files.newInputStream(file)) {
            return parser.parse(in);
        } catch (InvalidProtocolBufferException e) {
            throw new DataException(
                    "'%s' is not a TensorFlow graph or is damaged: export the model again.".formatted(file), e);
        } catch (IOException e) {
            throw new DataException(
                    "'%s' can't be read (%s): check the file and its permissions."
                            .formatted(file, TensorFlowMessages.firstLine(e)),
                    e);
        }
    }
}
