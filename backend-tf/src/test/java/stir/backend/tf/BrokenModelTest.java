package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.SavedModel;

import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** Broken and unsuitable models are refused in one sentence that names what is wrong. */
class BrokenModelTest {
    private static final Shape DIGIT = Shape.of(28, 28, 1);

    @TempDir Path folder;

    /** A copy of a good model, to be broken. */
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
                var hook = model.hook("relu1", new HookOptions(DIGIT, false))) {
            assertEquals(Shape.of(128), hook.layer().shape());
        }
    }

    private static String sentence(StirException e) {
        var message = e.getMessage();
        assertFalse(message.contains("\n"), message);
        assertTrue(message.length() < 500, message);
        assertTrue(message.endsWith("."), message);
        return message;
    }

    private static void assertSays(String message, String... words) {
        for (String word : words) {
            assertTrue(message.contains(word), "'" + word + "' is not in: " + message);
        }
    }

    @Test
    void missingFolder() {
        assertSays(
                refusal(UsageException.class, folder.resolve("nowhere")), "nowhere", "SavedModel");
    }

    @Test
    void folderWithoutModel() {
        assertSays(refusal(DataException.class, folder), "saved_model.pb", "export");
    }

    @Test
    void folderOfVariablesAlone() throws IOException {
        var model = copy("tf_vgg0");
        Files.delete(model.resolve("saved_model.pb"));
        assertSays(refusal(DataException.class, model), "saved_model.pb", "export");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(model));
    }

    @Test
    void folderOfSomethingElse() throws IOException {
        Files.writeString(folder.resolve("notes.txt"), "nothing");
        assertEquals(Recognition.NONE, new TfBackendProvider().recognise(folder));
    }

    @Test
    void kerasFile() throws IOException {
        var file = Files.writeString(folder.resolve("net.keras"), "PK");
        assertSays(refusal(DataException.class, file), "Keras", "model.export");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(file));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.01, 0.3, 0.5, 0.9, 0.999})
    void modelCutShort(double part) throws IOException {
        var model = copy("tf_vgg0");
        var file = model.resolve("saved_model.pb");
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, (int) (part * bytes.length)));
        assertSays(refusal(DataException.class, model), "tf_vgg0", "export");
    }

    @Test
    void modelOfNoise() throws IOException {
        var model = copy("tf_vgg0");
        Files.writeString(model.resolve("saved_model.pb"), "This is no protocol buffer.");
        assertSays(refusal(DataException.class, model), "saved_model.pb", "export");
        assertEquals(Recognition.BY_NAME, new TfBackendProvider().recognise(model));
    }

    @Test
    void missingVariables() throws IOException {
        var model = copy("tf_vgg0");
        Files.delete(model.resolve("variables/variables.index"));
        assertSays(refusal(DataException.class, model), "variables.index", "copy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_vgg0", "keras_vgg0"})
    void missingWeights(String name) throws IOException {
        var model = copy(name);
        Files.delete(model.resolve("variables/variables.data-00000-of-00001"));
        assertSays(refusal(DataException.class, model), "variables", name, "copy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tf_vgg0", "keras_vgg0"})
    void weightsCutShort(String name) throws IOException {
        var model = copy(name);
        var file = model.resolve("variables/variables.data-00000-of-00001");
        var bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 3));
        assertSays(refusal(DataException.class, model), "variables", name, "copy");
    }

    @Test
    void variablesOfNoise() throws IOException {
        var model = copy("tf_vgg0");
        Files.writeString(model.resolve("variables/variables.index"), "noise");
        assertSays(refusal(DataException.class, model), "variables", "copy");
    }

    @Test
    void operationThatIsNotThere() throws IOException {
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
        assertSays(refusal(DataException.class, model), "FancyPool", "MaxPool2d");
    }

    @Test
    void functionThatIsNotThere() throws IOException {
        var model = copy("tf_vgg0");
        var file = model.resolve("saved_model.pb");
        var parsed = SavedModel.parseFrom(Files.readAllBytes(file)).toBuilder();
        parsed.getMetaGraphsBuilder(0).getGraphDefBuilder().clearLibrary();
        Files.write(file, parsed.build().toByteArray());
        assertSays(refusal(DataException.class, model), "function", "export");
    }

    @Test
    void damagedNodes() throws IOException {
        var graph = GraphDef.parseFrom(Files.readAllBytes(Resources.path("adv0.frozen.pb")));
        for (int i = 0; i < graph.getNodeCount(); i += 4) {
            var without = graph.toBuilder().removeNode(i).build();
            var noAttributes = graph.toBuilder();
            noAttributes.getNodeBuilder(i).clearAttr();
            var noInputs = graph.toBuilder();
            noInputs.getNodeBuilder(i).clearInput();
            for (var damaged : new GraphDef[] {without, noAttributes.build(), noInputs.build()}) {
                var file = Files.write(folder.resolve("damaged.pb"), damaged.toByteArray());
                try {
                    openAndHook(file); // for what was damaged may not be needed
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
        assertSays(refusal(DataException.class, file), "placeholder");
    }

    @Test
    void textFile() throws IOException {
        var file =
                Files.write(
                        folder.resolve("graph.pb"), "node { }".getBytes(StandardCharsets.UTF_8));
        refusal(DataException.class, file);
        assertEquals(Recognition.NONE, new TfBackendProvider().recognise(file));
    }

    @ParameterizedTest
    @CsvSource({
        "signature, nope, 'fixed, looped'",
        "tags, train, serve",
        "input, nope, ''",
        "colour, red, 'signature, tags'",
    })
    void settingsThatMeanNothing(String setting, String value, String known) {
        var e =
                assertThrows(
                        UsageException.class,
                        () ->
                                Models.open(
                                        Resources.path(setting.equals("input") ? "tf_vgg0" : "odd"),
                                        Map.of(setting, value)));
        assertSays(sentence(e), setting.equals("colour") ? "colour" : value);
        for (String name : known.split(", ", -1)) {
            assertSays(e.getMessage(), name);
        }
    }

    @Test
    void severalSignatures() {
        var e = assertThrows(UsageException.class, () -> Models.open(Resources.path("odd")));
        assertSays(sentence(e), "fixed", "sorted", "setting 'signature'");
    }

    @ParameterizedTest
    @CsvSource({"strings, strings", "bytes, uint8 values", "two, 2 inputs"})
    void inputsThatAreNoImages(String signature, String words) {
        var e =
                assertThrows(
                        DataException.class,
                        () -> Models.open(Resources.path("odd"), Map.of("signature", signature)));
        assertSays(sentence(e), words);
    }

    @ParameterizedTest
    @CsvSource({
        "28x28",
        "28x28x3",
        "1x28x28",
        "27x28x1",
        "28x28x1x1",
        "784",
    })
    void inputsOfAnotherShape(String shape) {
        try (var model = Models.open(Resources.path("tf_vgg0"))) {
            var e =
                    assertThrows(
                            DataException.class,
                            () -> model.hook("relu1", new HookOptions(Shape.parse(shape), false)));
            assertSays(sentence(e), "28x28x1", shape);
            assertThrows(DataException.class, () -> model.layers(Shape.parse(shape)));
        }
    }

    @Test
    void inputsOfAnotherShapeThatTheFileDoesNotTell() throws IOException {
        var graph = GraphDef.parseFrom(Files.readAllBytes(Resources.path("adv0.frozen.pb")));
        var builder = graph.toBuilder();
        for (var node : builder.getNodeBuilderList()) {
            if (node.getOp().equals("Placeholder")) {
                node.removeAttr("shape");
            }
        }
        var file = Files.write(folder.resolve("open.pb"), builder.build().toByteArray());
        try (var model = Models.open(file)) {
            assertEquals(0, model.input().shape().rank());
            assertTrue(model.defaultLayer().isEmpty());
            for (String shape : new String[] {"28x28", "28x28x3", "784", "20x28x1"}) {
                var e =
                        assertThrows(
                                DataException.class,
                                () ->
                                        model.hook(
                                                "relu1",
                                                new HookOptions(Shape.parse(shape), false)));
                assertSays(sentence(e), "does not take inputs of this shape");
            }
            try (var hook = model.hook("relu1", new HookOptions(DIGIT, false))) {
                assertEquals(Shape.of(128), hook.layer().shape());
            }
        }
    }

    @Test
    void gpuWithoutGpuLibrary() {
        var device = Device.parse("cuda:1");
        var e =
                assertThrows(
                        UsageException.class,
                        () ->
                                new TfBackendProvider()
                                        .open(
                                                Resources.path("tf_vgg0"),
                                                new ModelOptions(
                                                        device, 1, Models.cache(), Map.of())));
        assertSays(sentence(e), "cuda:1", "linux-x86_64-gpu");
    }

    @Test
    void layersBehindAnOperationWithoutGradient() {
        var settings = Map.of("signature", "sorted");
        try (var model = Models.open(Resources.path("odd"), settings)) {
            var layers = model.layers(Shape.of(8));
            var last = layers.get(layers.size() - 1);
            assertSays(last.obstacle().orElseThrow(), "TopKV2", "top");
            var e =
                    assertThrows(
                            DataException.class,
                            () -> model.hook("after", new HookOptions(Shape.of(8), false)));
            assertSays(sentence(e), "TopKV2", "before");
            model.hook("before", new HookOptions(Shape.of(8), false)).close();
        }
    }

    @Test
    void layersBehindControlFlowOnValues() {
        var settings = Map.of("signature", "looped");
        try (var model = Models.open(Resources.path("odd"), settings)) {
            var last = model.layers(Shape.of(8));
            var obstacle = last.get(last.size() - 1).obstacle().orElseThrow();
            assertSays(obstacle, "control flow", "While");
            model.hook("before", new HookOptions(Shape.of(8), false)).close();
        }
    }
}
