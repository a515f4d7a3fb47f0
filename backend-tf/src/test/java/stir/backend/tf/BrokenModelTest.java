package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static stir.backend.tf.Refusals.assertContains;
import static stir.backend.tf.Refusals.sentence;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import stir.api.DataException;
import stir.api.HookOptions;
import stir.api.Recognition;
import stir.api.Shape;
import stir.api.StirException;
import stir.backend.tf.graph.NodeBuilders;

/** Broken models are refused in one sentence that names the defect. */
@Tag("slow")
class BrokenModelTest {
    private static final Shape DIGIT = Shape.of(28, 28, 1);

    @TempDir
    Path folder;

    /** Returns a copy of a valid model, to be broken. */
    private Path copy(String name) throws IOException {
        var source = Resources.path(name);
        var target = folder.resolve(name);
        try (var files = Files.walk(source)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file).toString()));
            }
        }
        return target;
    }

    private static <E extends StirException> String refusal(Class<E> kind, Path model) {
        return sentence(assertThrows(kind, () -> openAndHook(model)));
    }

    private static void openAndHook(Path file) {
        try (var model = Models.open(file);
                var hook = model.hook("relu1", new HookOptions(DIGIT))) {
            assertEquals(Shape.of(128), hook.layer().shape());
        }
    }

    @Test
    void folderWithoutModel() {
        assertContains(refusal(DataException.class, folder), "saved_model.pb", "export");
    }

    @Test
    void folderOfOnlyVariables() throws IOException {
        var model = copy("tf_vgg0");
        Files.delete(model.resolve("saved_model.pb"));
        assertContains(refusal(DataException.class, model), "saved_model.pb", "export");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(model));
    }

    @Test
    void folderOfACheckpoint() throws IOException {
        Files.writeString(folder.resolve("checkpoint"), "model_checkpoint_path: \"net\"");
        assertContains(refusal(DataException.class, folder), "checkpoint", "saved_model.save");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(folder));
    }

    @Test
    void folderOfSomethingElse() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "nothing");
        assertEquals(Recognition.NONE, new TfBackendProvider().recognise(folder));
    }

    @Test
    void kerasFile() throws IOException {
        var file = Files.writeString(folder.resolve("net.keras"), "PK");
        assertContains(refusal(DataException.class, file), "Keras", "model.export");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(file));
    }

    @Test
    void liteFile() throws IOException {
        var file = Files.writeString(folder.resolve("net.tflite"), "\u001c\0\0\0TFL3rest");
        assertContains(refusal(DataException.class, file), "TensorFlow Lite", "model.export");
        assertEquals(Recognition.BY_CONTENT, new TfBackendProvider().recognise(file));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.3, 0.5, 0.9, 0.999})
    void truncatedModel(double part) throws IOException {
        var model = copy("tf_vgg0");
        var file = model.resolve("saved_model.pb");
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) (part * bytes.length)));
        assertContains(refusal(DataException.class, model), "tf_vgg0", "export");
    }

    @Test
    void modelOfNoise() throws IOException {
        var model = copy("tf_vgg0");
        Files.writeString(model.resolve("saved_model.pb"), "This is not a protocol buffer.");
        assertContains(refusal(DataException.class, model), "saved_model.pb", "export");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(model));
    }

    /** Returns a copy in which the last node of each function calls another. */
    private Path calling(UnaryOperator<String> callee) throws IOException {
        var model = copy("tf_vgg0");
        var file = model.resolve("saved_model.pb");
        var saved = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        for (var function : saved.getMetaGraphsBuilder(0)
                .getGraphDefBuilder()
                .getLibraryBuilder()
                .getFunctionBuilderList()) {
            var name = callee.apply(function.getSignature().getName());
            var called =
                    AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(name));
            function.getNodeDefBuilder(function.getNodeDefCount() - 1)
                    .setOp("StatefulPartitionedCall")
                    .putAttr("f", called.build());
        }
        Files.write(file, saved.build().toByteArray());
        return model;
    }

    @Test
    @Timeout(60)
    void aFunctionThatCallsItself() throws IOException {
        assertContains(refusal(DataException.class, calling(name -> name)), "tf_vgg0", "calls itself");
    }

    /**
     * Writes a frozen graph whose output depends on itself, through a condition or a computation.
     */
    private Path loop(String... nodes) throws IOException {
        var graph = GraphDef.parseFrom(Files.readAllBytes(Resources.path("adv0.frozen.pb")));
        var last = graph.getNode(graph.getNodeCount() - 1).getName();
        var looped = graph.toBuilder();
        for (int i = 0; i < nodes.length; i++) {
            looped.addNode(NodeBuilders.node("Identity", nodes[i], nodes[(i + 1) % nodes.length])
                    .putAttr("T", NodeBuilders.type(DataType.DT_FLOAT)));
        }
        looped.addNode(
                NodeBuilders.node("AddV2", "end", last, nodes[0]).putAttr("T", NodeBuilders.type(DataType.DT_FLOAT)));
        return Files.write(folder.resolve("loop.pb"), looped.build().toByteArray());
    }

    @Test
    @Timeout(60)
    void aNodeThatDependsOnItself() throws IOException {
        assertContains(refusal(DataException.class, loop("a")), "loop.pb", "depends on itself");
        assertContains(refusal(DataException.class, loop("a", "b", "c")), "loop.pb", "depends on itself");
    }

    /** Writes a frozen graph that computes the hyperbolic tangent of a tensor of some nodes. */
    private Path tangent(String of, NodeDef... nodes) throws IOException {
        var graph = GraphDef.newBuilder()
                .addNode(NodeBuilders.placeholder("x", Shape.of(2)))
                .addAllNode(List.of(nodes))
                .addNode(NodeBuilders.typed("Tanh", "y", DataType.DT_FLOAT, of));
        return Files.write(folder.resolve("tangent.pb"), graph.build().toByteArray());
    }

    private static String refusalOfLayers(Path model) {
        return sentence(assertThrows(DataException.class, () -> {
            try (var opened = Models.open(model)) {
                opened.layers(Shape.of(2));
            }
        }));
    }

    @Test
    void aConstantThatWouldFillTheMemory() throws IOException {
        var value = TensorProto.newBuilder()
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(NodeBuilders.shapeOf(1 << 20, 1 << 20))
                .addFloatVal(1);
        var model = tangent(
                "sum",
                NodeBuilders.constant("big", value.build()),
                NodeBuilders.typed("AddV2", "sum", DataType.DT_FLOAT, "x", "big")
                        .build());
        assertContains(refusalOfLayers(model), "tangent.pb", "constant 'big'", "536870912 values");
    }

    @Test
    void aLayerThatWouldFillTheMemory() throws IOException {
        var model = tangent(
                "wide",
                NodeBuilders.integers("times", NodeBuilders.shapeOf(2), 1, 1 << 30),
                NodeBuilders.typed("Tile", "wide", DataType.DT_FLOAT, "x", "times")
                        .putAttr("Tmultiples", NodeBuilders.type(DataType.DT_INT32))
                        .build());
        assertContains(refusalOfLayers(model), "tangent.pb", "tensor 'wide' is [3, 2147483648]", "536870912 values");
    }

    /** The smallest of the sizes that took gigabytes: an image of 20000x20000 values. */
    @Test
    void aLayerOfFourHundredMillionValues() throws IOException {
        var model = tangent(
                "wide",
                NodeBuilders.integers("times", NodeBuilders.shapeOf(2), 1, 200_000_000),
                NodeBuilders.typed("Tile", "wide", DataType.DT_FLOAT, "x", "times")
                        .putAttr("Tmultiples", NodeBuilders.type(DataType.DT_INT32))
                        .build());
        assertContains(refusalOfLayers(model), "tangent.pb", "tensor 'wide' is [3, 400000000]");
    }

    @ParameterizedTest
    @ValueSource(ints = {50_000, 101})
    @Timeout(60)
    void aNameThatIsTooLong(int scopes) throws IOException {
        var name = "a/".repeat(scopes) + "b";
        var model = tangent(
                name,
                NodeBuilders.typed("Identity", name, DataType.DT_FLOAT, "x").build());
        assertContains(
                refusalOfLayers(model),
                "a name of %d characters in %d scopes".formatted(name.length(), scopes),
                "limits of 1000 and 100");
    }

    /** Each of twenty functions calls the one before it twice. */
    @Test
    @Timeout(60)
    void functionsThatWouldBeInlinedAMillionTimes() throws IOException {
        var library = FunctionDefLibrary.newBuilder();
        for (int i = 0; i < 20; i++) {
            var callee = i == 0 ? "Tanh" : "f" + (i - 1);
            var value = i == 0 ? ":y:0" : ":r:0";
            library.addFunction(FunctionDef.newBuilder()
                    .setSignature(OpDef.newBuilder()
                            .setName("f" + i)
                            .addInputArg(argument("a"))
                            .addOutputArg(argument("r")))
                    .addNodeDef(NodeBuilders.typed(callee, "p", DataType.DT_FLOAT, "a"))
                    .addNodeDef(NodeBuilders.typed(callee, "q", DataType.DT_FLOAT, "p" + value))
                    .putRet("r", "q" + value));
        }
        var graph = GraphDef.newBuilder()
                .addNode(NodeBuilders.placeholder("x", Shape.of(2)))
                .addNode(NodeBuilders.typed("f19", "y", DataType.DT_FLOAT, "x"))
                .setLibrary(library);
        var file = Files.write(folder.resolve("bomb.pb"), graph.build().toByteArray());
        assertContains(refusalOfLayers(file), "bomb.pb", "over 100000 calls of functions");
    }

    private static OpDef.ArgDef argument(String name) {
        return OpDef.ArgDef.newBuilder()
                .setName(name)
                .setType(DataType.DT_FLOAT)
                .build();
    }

    /** Opening a pipe would wait for a writer. */
    @ParameterizedTest
    @ValueSource(strings = {"saved_model.pb", "variables/variables.index"})
    @Timeout(60)
    void aPipeInPlaceOfAFile(String part) throws Exception {
        var file = copy("tf_vgg0").resolve(part);
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        assertContains(refusal(DataException.class, folder.resolve("tf_vgg0")), part, "is a pipe");
    }

    @Test
    @Timeout(60)
    void aDeviceInPlaceOfAGraph() throws IOException {
        var zeros = Files.createSymbolicLink(folder.resolve("zero.pb"), Path.of("/dev/zero"));
        assertContains(refusal(DataException.class, zeros), "zero.pb", "a device");
    }

    @Test
    void missingVariables() throws IOException {
        var model = copy("tf_vgg0");
        Files.delete(model.resolve("variables/variables.index"));
        assertContains(refusal(DataException.class, model), "variables.index", "copy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_vgg0", "keras_vgg0"})
    void missingWeights(String name) throws IOException {
        var model = copy(name);
        Files.delete(model.resolve("variables/variables.data-00000-of-00001"));
        assertContains(refusal(DataException.class, model), "variables", name, "copy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_vgg0", "keras_vgg0"})
    void truncatedWeights(String name) throws IOException {
        var model = copy(name);
        var file = model.resolve("variables/variables.data-00000-of-00001");
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 3));
        assertContains(refusal(DataException.class, model), "variables", name, "copy");
    }

    @Test
    void variablesOfNoise() throws IOException {
        var model = copy("tf_vgg0");
        Files.writeString(model.resolve("variables/variables.index"), "noise");
        assertContains(refusal(DataException.class, model), "variables", "copy");
    }

    @Test
    void unknownOperation() throws IOException {
        var model = copy("tf_vgg0");
        var file = model.resolve("saved_model.pb");
        var parsed = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        var library = parsed.getMetaGraphsBuilder(0).getGraphDefBuilder().getLibraryBuilder();
        for (var function : library.getFunctionBuilderList()) {
            for (var node : function.getNodeDefBuilderList()) {
                if (node.getOp().equals("MaxPool")) {
                    node.setOp("FancyPool");
                }
            }
        }
        Files.write(file, parsed.build().toByteArray());
        assertContains(refusal(DataException.class, model), "FancyPool", "MaxPool2d");
    }

    @Test
    void missingFunction() throws IOException {
        var model = copy("tf_vgg0");
        var file = model.resolve("saved_model.pb");
        var parsed = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        parsed.getMetaGraphsBuilder(0).getGraphDefBuilder().clearLibrary();
        Files.write(file, parsed.build().toByteArray());
        assertContains(refusal(DataException.class, model), "function", "export");
    }

    @Test
    void damagedNodes() throws IOException {
        var graph = GraphDef.parseFrom(Files.readAllBytes(Resources.path("adv0.frozen.pb")));
        for (int i = 0; i < graph.getNodeCount(); i += 7) {
            var without = graph.toBuilder().removeNode(i).build();
            var noAttributes = graph.toBuilder();
            noAttributes.getNodeBuilder(i).clearAttr();
            var noInputs = graph.toBuilder();
            noInputs.getNodeBuilder(i).clearInput();
            for (var damaged : new GraphDef[] {without, noAttributes.build(), noInputs.build()}) {
                var file = Files.write(folder.resolve("damaged.pb"), damaged.toByteArray());
                try {
                    openAndHook(file); // the damaged part may not be needed
                } catch (StirException e) {
                    sentence(e);
                }
            }
        }
    }

    @Test
    void frozenGraphWithoutInput() throws IOException {
        var graph = GraphDef.parseFrom(Files.readAllBytes(Resources.path("adv0.frozen.pb")));
        var builder = graph.toBuilder();
        for (var node : builder.getNodeBuilderList()) {
            if (node.getOp().equals("Placeholder")) {
                node.setOp("NoOp");
            }
        }
        var file = Files.write(folder.resolve("closed.pb"), builder.build().toByteArray());
        assertContains(refusal(DataException.class, file), "placeholder");
    }

    @Test
    void textFile() throws IOException {
        var file = Files.write(folder.resolve("graph.pb"), "node { }".getBytes(StandardCharsets.UTF_8));
        refusal(DataException.class, file);
        assertEquals(Recognition.NONE, new TfBackendProvider().recognise(file));
    }
}
