package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.backend.tf.Refusals.assertContains;
import static stir.backend.tf.Refusals.sentence;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Shape;
import stir.backend.tf.graph.NodeBuilders;
import stir.backend.tf.run.TfNatives;

/** Models that would access files, or wait, are refused before anything runs. */
class AllowedOperationsTest {
    private static final Shape PAIR = Shape.of(2);

    @TempDir
    Path folder;

    private Path written() {
        return folder.resolve("written.txt");
    }

    private NodeDef text(String name, String value) {
        return NodeBuilders.constant(
                name,
                TensorProto.newBuilder()
                        .setDtype(DataType.DT_STRING)
                        .setTensorShape(NodeBuilders.shapeOf())
                        .addStringVal(ByteString.copyFromUtf8(value))
                        .build());
    }

    private String refusal(Path model, Shape input) {
        var refusal = assertThrows(DataException.class, () -> {
            try (var opened = Models.open(model)) {
                opened.hook("y", new HookOptions(input)).close();
            }
        });
        assertFalse(Files.exists(written()));
        return sentence(refusal);
    }

    private Path frozen(GraphDef.Builder graph) throws IOException {
        graph.addNode(NodeBuilders.placeholder("x", PAIR));
        return Files.write(folder.resolve("model.pb"), graph.build().toByteArray());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ReadFile",
                "WriteFile",
                "MatchingFiles",
                "SaveV2",
                "RestoreV2",
                "PyFunc",
                "PyFuncStateless",
                "TextLineDataset",
                "MapDataset",
                "CacheDataset",
                "WholeFileReaderV2",
                "InitializeTableFromTextFileV2",
                "LoadAndRemapMatrix",
                "ImmutableConst",
                "DecodeProtoV2",
                "DebugIdentity",
                "FixedUnigramCandidateSampler",
                "QueueDequeueV2",
                "Unstage",
                "RpcCall",
                "Abort",
            })
    void anOperationThatDoesMoreThanCompute(String operation) throws IOException {
        var graph = GraphDef.newBuilder()
                .addNode(NodeBuilders.node(operation, "leak", "x"))
                .addNode(NodeBuilders.typed("AddV2", "y", DataType.DT_FLOAT, "x", "leak"));
        assertContains(refusal(frozen(graph), PAIR), "model.pb", operation + " (node leak)", "not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stdout", "file://"})
    void printingIsAllowedExceptToFiles(String stream) throws IOException {
        var graph = GraphDef.newBuilder()
                .addNode(NodeBuilders.node("PrintV2", "print", "x").putAttr("output_stream", NodeBuilders.text(stream)))
                .addNode(NodeBuilders.typed("AddV2", "y", DataType.DT_FLOAT, "x", "print"));
        var refusal = refusal(frozen(graph), PAIR);
        assertEquals(stream.equals("file://"), refusal.contains("prints to 'file://'"), refusal);
    }

    /** Returns a function that writes its argument's name to the file and returns the argument. */
    private FunctionDef writing(String name) {
        var argument = OpDef.ArgDef.newBuilder().setType(DataType.DT_FLOAT);
        return FunctionDef.newBuilder()
                .setSignature(OpDef.newBuilder()
                        .setName(name)
                        .addInputArg(argument.setName("a"))
                        .addOutputArg(argument.clone().setName("r")))
                .addNodeDef(text("path", written().toString()))
                .addNodeDef(NodeBuilders.node("WriteFile", "write", "path:output:0", "path:output:0"))
                .addNodeDef(NodeBuilders.typed("Identity", "same", DataType.DT_FLOAT, "a", "^write"))
                .putRet("r", "same:output:0")
                .build();
    }

    private static AttrValue call(String function) {
        return AttrValue.newBuilder()
                .setFunc(NameAttrList.newBuilder().setName(function))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"If", "StatelessIf", "While", "StatelessWhile", "Case"})
    void aBranchThatWritesAFile(String operation) throws IOException {
        var node = NodeBuilders.node(operation, "y", "x")
                .putAttr("then_branch", call("writes"))
                .putAttr("body", call("writes"))
                .putAttr(
                        "branches",
                        AttrValue.newBuilder()
                                .setList(AttrValue.ListValue.newBuilder()
                                        .addFunc(NameAttrList.newBuilder().setName("calls")))
                                .build());
        var calls = writing("calls").toBuilder()
                .clearNodeDef()
                .addNodeDef(NodeBuilders.node("writes", "same", "a"))
                .putRet("r", "same:r:0");
        var graph = GraphDef.newBuilder().addNode(node);
        graph.getLibraryBuilder().addFunction(writing("writes")).addFunction(calls);
        assertContains(refusal(frozen(graph), PAIR), "WriteFile (node write of the function writes)");
    }

    /** Returns a copy of a model, to be changed. */
    private Path copy(String name) throws IOException {
        var target = folder.resolve(name);
        var source = Resources.path(name);
        try (var files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
        return target;
    }

    /** Writes a copy of a model of TensorFlow 1 that also writes a file when something runs. */
    private Path writingWith(String name, String trigger) throws IOException {
        var target = copy(name);
        var file = target.resolve("saved_model.pb");
        var saved = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        var part = saved.getMetaGraphsBuilder(0);
        var graph = part.getGraphDefBuilder();
        graph.addNode(text("path", written().toString()));
        graph.addNode(NodeBuilders.node("WriteFile", "write", "path", "path"));
        if (trigger.equals("restore")) {
            for (var node : graph.getNodeBuilderList()) {
                if (node.getName().equals(part.getSaverDef().getRestoreOpName())) {
                    node.addInput("^write");
                }
            }
        } else {
            part.putCollectionDef(
                    "saved_model_main_op",
                    org.tensorflow.proto.CollectionDef.newBuilder()
                            .setNodeList(org.tensorflow.proto.CollectionDef.NodeList.newBuilder()
                                    .addValue("write"))
                            .build());
        }
        Files.write(file, saved.build().toByteArray());
        return target;
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf1_reference", "tf1_resource"})
    void restoringThatWritesAFile(String name) throws IOException {
        assertContains(refusal(writingWith(name, "restore"), Shape.of(12, 12, 3)), "WriteFile (node write)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf1_reference", "tf1_resource"})
    void initialisationDoesNotRun(String name) throws IOException {
        try (var model = Models.open(writingWith(name, "initialisation"));
                var hook = model.hook("embedding", new HookOptions(Shape.of(12, 12, 3)))) {
            assertEquals(Shape.of(4), hook.layer().shape());
        }
        assertFalse(Files.exists(written()));
    }

    /**
     * Writes a copy of a model of TensorFlow 1 in which reading one variable assigns another from
     * the checkpoint that the file names. The copy has no {@code Switch}, so its control
     * dependencies are dropped from the graph that computes the outputs.
     */
    private Path readingElsewhere(String name) throws IOException {
        var target = copy(name);
        var file = target.resolve("saved_model.pb");
        var saved = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        var part = saved.getMetaGraphsBuilder(0);
        var whole = part.getGraphDef();
        var graph = part.getGraphDefBuilder().clearNode();
        for (NodeDef node : whole.getNodeList()) {
            switch (node.getName()) {
                case "w" -> graph.addNode(node.toBuilder().addInput("^assign"));
                case "save/filename/input" ->
                    graph.addNode(
                            text(node.getName(), folder.resolve("elsewhere").toString()));
                case "save/RestoreV2" ->
                    graph.addNode(node).addNode(node.toBuilder().setName("leak"));
                case "save/Assign", "save/AssignVariableOp" ->
                    graph.addNode(node)
                            .addNode(node.toBuilder().setName("assign").setInput(1, "leak"));
                case "embedding" -> graph.addNode(node.toBuilder().setInput(0, "hook"));
                default -> {
                    if (!node.getName().startsWith("cond")) {
                        graph.addNode(node);
                    }
                }
            }
        }
        Files.write(file, saved.build().toByteArray());
        return target;
    }

    /** Reading the other checkpoint, which is missing, would fail with its name instead. */
    @ParameterizedTest
    @ValueSource(strings = {"tf1_reference", "tf1_resource"})
    void aVariableThatReadsAnotherCheckpoint(String name) throws IOException {
        var refusal = refusal(readingElsewhere(name), Shape.of(12, 12, 3));
        assertContains(refusal, "RestoreV2 (node leak)", "not allowed");
        assertFalse(refusal.contains("elsewhere"), refusal);
    }

    @Test
    void theListNamesOnlyOperationsThatExist() throws IOException {
        TfNatives.load(Models.cache());
        var existing = new HashSet<String>();
        TensorFlow.registeredOpList().getOpList().forEach(op -> existing.add(op.getName()));
        var list = Resources.path("stir/backend/tf/graph/allowed-operations.txt");
        var names = List.of(
                Files.readString(list, StandardCharsets.US_ASCII).strip().split("\\s+", -1));
        assertEquals(names.stream().sorted().distinct().toList(), names);
        assertTrue(existing.containsAll(names));
        assertEquals(
                List.of(),
                names.stream()
                        .filter(name -> name.matches(".*(File|Dataset|Queue|Rpc|Restore|Save|Iterator).*"))
                        .toList());
    }
}
