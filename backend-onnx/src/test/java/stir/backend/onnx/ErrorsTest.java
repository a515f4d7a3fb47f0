package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.StirException;
import stir.api.UsageException;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.ExternalData;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxReader;
import stir.backend.onnx.graph.OnnxWriter;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** Every defect of a file is reported in one sentence. */
class ErrorsTest extends WrittenModels {
    @Test
    void theUnbrokenModelWorks() throws IOException {
        var file = write("good.onnx", "MatMul", 17, weights(1));
        try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1));
                var hook = model.hook("y", new HookOptions(VECTOR))) {
            assertEquals(VECTOR, hook.layer().shape());
        }
    }

    @Test
    void aFileTruncatedAtAnyLengthIsReported() throws IOException {
        var whole = Files.readAllBytes(Fixtures.variant("script17"));
        for (int length : new int[] {0, 1, 10, 100, 1000, whole.length - 1000, whole.length - 1}) {
            var file = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(whole, length));
            assertContains("can't be read as an ONNX model", refusal(file));
        }
    }

    @Test
    void randomBytesAreAlwaysRefused() throws IOException {
        var random = new Random(7);
        for (int i = 0; i < 200; i++) {
            var noise = new byte[1 + random.nextInt(2000)];
            random.nextBytes(noise);
            var file = Files.write(folder.resolve("noise.onnx"), noise);
            assertEquals(Recognition.BY_NAME, new OnnxBackendProvider().recognise(file));
            refusal(file);
        }
    }

    @Test
    void flippedBytesAreRefusedOrGiveAModel() throws IOException {
        var whole = Files.readAllBytes(Fixtures.variant("control"));
        var random = new Random(8);
        int refused = 0;
        for (int i = 0; i < 150; i++) {
            var bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            var file = Files.write(folder.resolve("flipped.onnx"), bytes);
            try (var model = new OnnxBackendProvider().open(file, Fixtures.options(1))) {
                model.layers(Shape.of(4));
            } catch (StirException e) {
                assertFalse(e.getMessage().contains("\n"), e.getMessage());
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void aForeignProtobufIsNotRecognised() throws IOException {
        var text = Files.writeString(folder.resolve("notes.onnx"), "Not a model at all.\n");
        assertContains("can't be read as an ONNX model", refusal(text));
        assertEquals(Recognition.BY_NAME, new OnnxBackendProvider().recognise(text));
    }

    @Test
    void weightsWithNaNAreNamed() throws IOException {
        assertContains("'w'", refusal(write("nan.onnx", "MatMul", 17, weights(Float.NaN))));
    }

    @Test
    void externalWeightsWithNaNAreNamed() throws IOException {
        var weights = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        weights.putFloat(8, Float.NaN);
        assertContains("The weights 'w'", refusal(external("weights.bin", 0, weights.array())));
    }

    @Test
    void aMissingFileIsNamed() {
        for (var path : List.of(folder, folder.resolve("missing.onnx"))) {
            var refusal =
                    assertThrows(UsageException.class, () -> new OnnxBackendProvider().open(path, Fixtures.options(1)));
            assertContains("There is no file " + path, refusal.getMessage());
        }
    }

    @Test
    void sideInputsOfTypesThatTheRuntimeIsNotGivenAreRefused() throws IOException {
        var inputs = new LinkedHashMap<String, TensorType>();
        inputs.put("x", TensorType.of(ElementType.FLOAT, -1, 2));
        inputs.put("z", TensorType.of(ElementType.UINT32, -1, 2));
        var cast = Node.of(
                "Cast",
                "cast",
                List.of("z"),
                List.of("w"),
                Map.of("to", new Attribute.OfInt(ElementType.FLOAT.code())));
        var sum = Node.of("Add", "sum", List.of("x", "w"), List.of("y"), Map.of());
        var file = write("unsigned.onnx", List.of(cast, sum), inputs);
        var row = new SideInputs.Side(SideInputs.Type.INTEGER, false, Batch.of(Shape.of(2), 1, 2));
        var given = new SideInputs(Optional.empty(), Map.of("z", row));
        var refusal = assertThrows(
                DataException.class, () -> new OnnxBackendProvider().open(file, Fixtures.options(1), given));
        assertContains("takes 'z' as uint32, which can't be given", refusal.getMessage());
    }

    @Test
    void textAndSeveralInputsAreRefused() throws IOException {
        var node = Node.of("Identity", "same", List.of("x"), List.of("y"), Map.of());
        var text = Map.of("x", TensorType.of(ElementType.STRING, -1, 2));
        assertContains("inputs of type string", refusal(write("text.onnx", List.of(node), text)));
        var two = new LinkedHashMap<String, TensorType>();
        two.put("x", TensorType.of(ElementType.FLOAT, -1, 2));
        two.put("z", TensorType.of(ElementType.FLOAT, -1, 2));
        var sum = Node.of("Add", "sum", List.of("x", "z"), List.of("y"), Map.of());
        var file = write("two.onnx", List.of(sum), two);
        var refusal =
                assertThrows(UsageException.class, () -> new OnnxBackendProvider().open(file, Fixtures.options(1)));
        assertContains("has 2 inputs (x, z)", refusal.getMessage());
    }

    @Test
    void aMissingGpuIsReportedWithItsRequirements() throws IOException {
        var file = write("good.onnx", "MatMul", 17, weights(1));
        var device = new Device(Device.Kind.CUDA, 15);
        var options = new ModelOptions(device, 1, Fixtures.cache(), Map.of());
        var refusal = assertThrows(UsageException.class, () -> new OnnxBackendProvider().open(file, options));
        assertContains("The backend onnx finds no GPU", refusal.getMessage());
        assertContains("(its jar is the one for the CPU)", refusal.getMessage());
        assertContains("compute on the CPU", refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
    }

    @Test
    void inputsOfAnotherShapeAreRefused() throws IOException {
        var file = write("good.onnx", "MatMul", 17, weights(1));
        assertContains("inputs of shape 2, not 3", refusal(file, Shape.of(3)));
    }

    private Path external(String location, long offset) throws IOException {
        return external(location, offset, new byte[16]);
    }

    private Path external(String location, long offset, byte[] content) throws IOException {
        Files.write(folder.resolve("weights.bin"), content);
        var type = TensorType.of(ElementType.FLOAT, 2, 2);
        var where = new ExternalData(location, offset, 16);
        return write("external.onnx", "MatMul", 17, Tensor.external(type, where));
    }

    @Test
    void weightsOutsideTheModelsFolderAreRefused() throws IOException {
        for (var location : List.of("../weights.bin", "/etc/hostname", "a/../../weights.bin", "")) {
            assertContains("outside its own folder", refusal(external(location, 0)));
        }
    }

    @Test
    void linksOutOfTheModelsFolderAreRefused(@TempDir Path elsewhere) throws IOException {
        var away = Files.write(elsewhere.resolve("away.bin"), new byte[16]);
        Files.createSymbolicLink(folder.resolve("link.bin"), away);
        var file = external("link.bin", 0);
        assertContains("outside its own folder", refusal(file));
        // links to the model and to its weights in another folder, as some caches create them
        var model = Files.move(file, elsewhere.resolve("model"));
        var link = Files.createSymbolicLink(folder.resolve("linked.onnx"), model);
        try (var opened = new OnnxBackendProvider().open(link, Fixtures.options(1));
                var hook = opened.hook("y", new HookOptions(VECTOR))) {
            assertEquals(VECTOR, hook.layer().shape());
        }
    }

    @Test
    void inputsWithoutABatchDimensionAreRefused() throws IOException {
        var node = Node.of("Tanh", "only", List.of("x"), List.of("y"), Map.of());
        var four = Map.of("x", TensorType.of(ElementType.FLOAT, 4));
        assertContains("takes 'x' as float 4,", refusal(write("four.onnx", List.of(node), four)));
    }

    @Test
    void missingOrShortWeightFilesAreNamed() throws IOException {
        assertContains("missing.bin, which does not exist", refusal(external("missing.bin", 0)));
        assertContains("weights.bin is truncated", refusal(external("weights.bin", 8)));
    }

    @Test
    void aWeightFileWithAnInvalidNameIsReported() throws IOException {
        assertContains("an invalid name", refusal(external("we\0ights.bin", 0)));
    }

    @Test
    void anInputOfTooManyRowsIsReported() throws IOException {
        var node = Node.of("Tanh", "only", List.of("x"), List.of("y"), Map.of());
        for (var dims : List.of(new long[] {1L << 31, 2}, new long[] {-1, 1L << 31})) {
            var input = Map.of("x", TensorType.of(ElementType.FLOAT, dims));
            assertContains(
                    "a dimension of 2147483648, which exceeds the range of 32-bit integers",
                    refusal(write("huge.onnx", List.of(node), input)));
        }
    }

    @Test
    void theRuntimesRefusalsAreReportedInPlainWords() throws IOException {
        var narrow = Tensor.floats(new float[] {1, 2, 3}, 3, 1);
        assertContains(
                "inputs of shape 2: MatMul 'dense': Incompatible dimensions for matrix multiplication.",
                refusal(write("narrow.onnx", "MatMul", 17, narrow)));
        var scales = Tensor.floats(new float[] {1, -2}, 2);
        var resize = Node.of("Resize", "wider", List.of("x", "", "scales"), List.of("y"), Map.of());
        var sentence = refusal(write("resize.onnx", 17, List.of(resize), Map.of("scales", scales)));
        assertFalse(sentence.contains("onnxruntime"), sentence);
        assertFalse(sentence.contains("::"), sentence);
    }

    @Test
    void aWrittenModelIsReadBack() throws IOException {
        for (var name : List.of("script17", "dynamo", "control", "quantised", "external")) {
            var file = Files.readAllBytes(Fixtures.variant(name));
            var model = OnnxReader.read(ByteBuffer.wrap(file));
            var again = OnnxReader.read(ByteBuffer.wrap(OnnxWriter.write(model)));
            assertEquals(model.opsets(), again.opsets());
            assertEquals(
                    model.graph().nodes().stream().map(Node::inputs).toList(),
                    again.graph().nodes().stream().map(Node::inputs).toList());
            model.graph().initialisers().forEach((key, tensor) -> {
                var read = again.graph().initialisers().get(key);
                assertEquals(tensor.type(), read == null ? null : read.type());
                assertEquals(tensor.data(), read == null ? null : read.data());
            });
        }
    }
}
