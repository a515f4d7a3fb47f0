package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.BackendProvider;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.backend.djl.torchscript.TorchScriptArchive;

/** Refusals, each with one sentence that advises what to do. */
class RefusalsTest {
    private static final String RELU = """
            def relu(input: Tensor,
                inplace: bool=False) -> Tensor:
              if inplace:
                result = torch.relu_(input)
              else:
                result = torch.relu(input)
              return result
            """;

    private static final Shape IMAGE = Shape.of(3, 8, 8);

    @TempDir
    private Path folder;

    private final BackendProvider provider = new DjlBackendProvider();

    private void assertRefused(Class<? extends StirException> type, Path file, String advice) {
        var refusal = assertThrows(type, () -> provider.open(file, Fixture.options()));
        assertSentence(refusal, advice);
    }

    private static void assertSentence(StirException refusal, String advice) {
        var message = refusal.getMessage();
        assertTrue(message.contains(advice), message);
        assertFalse(message.contains("\n"), message);
        assertTrue(message.endsWith("."), message);
        assertTrue(message.length() < 500, message);
    }

    private Path damaged(String name, int length, int flipped) throws IOException {
        var bytes = Files.readAllBytes(Fixture.file(name));
        bytes[flipped] ^= 0x40;
        return Files.write(folder.resolve("damaged.pt"), Arrays.copyOf(bytes, length));
    }

    @Test
    void aFlippedByteInAWeight() throws IOException {
        var bytes = Files.readAllBytes(Fixture.file("vgg0.script.pt"));
        for (int place : new int[] {bytes.length / 3, bytes.length / 2, 2 * bytes.length / 3}) {
            assertRefused(
                    DataException.class, damaged("vgg0.script.pt", bytes.length, place), "copy or export it again");
        }
    }

    @Test
    void aScriptWithoutTheShapeOfItsInput() {
        try (var model = Fixture.open("vgg0.script.pt")) {
            var refusal = assertThrows(DataException.class, () -> model.layers(Shape.of()));
            assertSentence(refusal, "does not specify the shape of its inputs: specify it");
            assertEquals(List.of(Remedy.GIVE_SHAPE), refusal.refusal().remedies());
        }
    }

    /** Returns a copy with a changed record and a correct checksum. */
    private Path changed(String name, String record, UnaryOperator<byte[]> change) throws IOException {
        var copy = folder.resolve("changed.pt");
        try (var zip = new ZipFile(Fixture.file(name).toFile());
                var out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (var entry : Collections.list(zip.entries())) {
                var bytes = zip.getInputStream(entry).readAllBytes();
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(entry.getName().endsWith(record) ? change.apply(bytes) : bytes);
            }
        }
        return copy;
    }

    private static UnaryOperator<byte[]> replacing(String from, String to) {
        var charset = StandardCharsets.ISO_8859_1;
        return bytes -> new String(bytes, charset).replaceFirst(from, to).getBytes(charset);
    }

    @Test
    void aWeightWhoseRecordIsShorter() throws IOException {
        for (int length : new int[] {0, 2, 288}) {
            var file = changed("vgg0.trace.pt", "/data/2", bytes -> Arrays.copyOf(bytes, length));
            assertRefused(DataException.class, file, "data/2 has " + length + " bytes instead of 576");
        }
    }

    @Test
    void anObjectOfAnotherClassThanTheSourceDeclares() throws IOException {
        var classes = "__torch__.torch.nn.modules.";
        var file = changed(
                "vgg0.trace.pt",
                "/data.pkl",
                replacing(classes + "container\nSequential\n", classes + "activation\nReLU\n"));
        assertRefused(DataException.class, file, "the attribute features of Vgg is not of type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch.save(argument_1, \"stir-test\")",
                "torch.from_file(\"stir-test\", True, 10)",
                "(argument_1).save(\"stir-test\")",
                "getattr(argument_1, \"save\")(\"stir-test\")"
            })
    void aCallThatTouchesFilesIsRefusedAtOpening(String call) throws IOException {
        var file = changed(
                "vgg0.trace.pt",
                "/modules/linear.py",
                replacing("weight = self", "_9 = %s\n    weight = self".formatted(call)));
        assertRefused(DataException.class, file, "networks have no access to files");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_9 = torch.add_(self.weight, 1)",
                "b = self.weight\n    _9 = torch.mul_(b, 2)",
                "self.count = torch.add(self.count, 1)",
                "setattr(self, \"count\", 1)",
                "_9 = torch.append(self.l, 1)",
                "b = self.l\n    _9 = (b).pop()",
                "d = self.d\n    torch._set_item(d, \"a\", 1)",
                "(self.d)[\"a\"] = 1",
                "_9 = torch.add(self.weight, 1, out=self.weight)",
                "_9 = torch.copy_(torch.select(torch.view(self.weight, [-1]), 0, 1), 1)",
                "a, b, = torch.unbind(self.weight)\n    _9 = torch.add_(b, 1)",
                "l = [self.weight, argument_1]\n    _9 = torch.add_(l[0], 1)",
                "l = annotate(List[Tensor], [])\n    _8 = torch.append(l, self.weight)\n    _9 = torch.add_(torch.pop(l), 1)",
                "for i in range(2):\n      t = self.l[i]\n      _9 = torch.add_(t, 1)",
                "if torch.gt(torch.size(argument_1, 0), 0):\n      t = self.weight\n    else:\n      t = argument_1\n    _9 = torch.add_(torch.mul_(t, 1), 1)",
                "if torch.gt(torch.size(argument_1, 0), 9):\n      self.count = 1\n    else:\n      pass",
                "if torch.lt(self.n, 40):\n      self.n = torch.add(self.n, 1)\n    else:\n      pass",
                "if torch.ne(torch.size(self.c, 0), torch.size(argument_1, 1)):\n      self.c = torch.mul(self.weight, 2)\n    else:\n      pass",
                "k = str(ops.prim.device(argument_1))\n    d = self.d\n    if torch.__not__(torch.__contains__(d, k)):\n      v = torch.relu(self.weight)\n      torch._set_item(d, k, v)\n    else:\n      pass",
                "_9 = torch.add_(CONSTANTS.c0, 1)",
                "_9 = torch.add_(ops.prim.data(self.weight), 1)",
                "f = __torch__.torch.nn.modules.linear.relu\n    _9 = f(self.weight, True)"
            })
    void stateThatAPassMayChangeIsRefusedAtOpening(String statement) throws IOException {
        assertRefused(DataException.class, linear(statement), "a pass changes an attribute or a constant (");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "_9 = torch.add_(torch.mul(self.weight, 2), 1)",
                "_9 = torch.add_(argument_1, self.bias)\n    a, b, = torch.chunk(argument_1, 2, 1)\n    _8 = torch.relu_(a)",
                "l = [self.weight, argument_1]\n    _9 = torch.append(l, argument_1)\n    l[0] = argument_1",
                "l = torch.list(self.l)\n    _9 = torch.append(l, 1)",
                "_9 = torch.relu_(torch.cat([self.weight, self.weight]))",
                "if self.training:\n      t = True\n    else:\n      t = False\n    if t:\n      _9 = torch.add_(self.count, 1)\n    else:\n      pass",
                "f = __torch__.torch.nn.modules.linear.relu\n    _9 = torch.sum(f(self.weight, False))",
                "f = __torch__.torch.nn.modules.linear.relu\n    _9 = f(torch.clone(argument_1), True)"
            })
    void workInPlaceOnValuesOfThePassIsAccepted(String statement) throws IOException {
        var file = linear(statement);
        assertDoesNotThrow(() -> TorchScriptArchive.read(file));
    }

    @ParameterizedTest
    @CsvSource({
        "'argument_1 = torch.add(argument_1, torch.rand([1]))', true",
        "'argument_1 = torch.add(argument_1, torch.sum(self.bias))', false"
    })
    void aPassThatDrawsRandomNumbersIsNoticed(String statement, boolean draws) throws IOException {
        var size = Shape.of(1, 28, 28);
        try (var model = provider.open(linear(statement), Fixture.options());
                var hook = model.hook("classifier.relu1", new HookOptions(size))) {
            hook.drawsRandomNumbers();
            assertFalse(hook.drawsRandomNumbers(), "before a pass");
            var found = Batch.allocate(2, hook.layer().shape());
            hook.represent(Fixture.noise(2, size, 1), found);
            assertEquals(draws, hook.drawsRandomNumbers());
            assertFalse(hook.drawsRandomNumbers(), "since the previous call");
        }
    }

    /** Returns a network whose linear layers run a statement, and may call a function. */
    private Path linear(String statement) throws IOException {
        return changed(
                "vgg0.trace.pt",
                "/modules/linear.py",
                replacing("(?s)^(.*?)weight = self", RELU + "$1%s\n    weight = self".formatted(statement)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "torch._ctc_loss(argument_1, argument_1, [1], [1])",
                "(argument_1).to_sparse()",
                "torch.embedding_dense_backward(argument_1, argument_1, 5, -1, False)",
                "torch._sparse_csr_tensor_unsafe(argument_1, argument_1, argument_1, [1])",
                "torch.segment_reduce(argument_1, \"sum\", lengths=argument_1, unsafe=True)"
            })
    void operatorsThatTrustTheirIndicesAreRefusedAtOpening(String call) throws IOException {
        var file = changed(
                "vgg0.trace.pt",
                "/modules/linear.py",
                replacing("weight = self", "_9 = %s\n    weight = self".formatted(call)));
        assertRefused(DataException.class, file, "may write beyond their memory");
    }

    /** An extra part may be of any size, and libtorch does not read it. */
    @Test
    void damageInAPartThatNothingReadsIsIgnored() throws IOException {
        var copy = changed("vgg0.trace.pt", "-", UnaryOperator.identity());
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipFile(copy.toFile());
                var out = new ZipOutputStream(bytes)) {
            var entries = Collections.list(zip.entries());
            for (var entry : entries) {
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(zip.getInputStream(entry).readAllBytes());
            }
            var unused = entries.get(0).getName().replaceFirst("/.*", "/data/unused");
            out.setLevel(0);
            out.putNextEntry(new ZipEntry(unused));
            out.write("not read".getBytes(StandardCharsets.UTF_8));
        }
        var charset = StandardCharsets.ISO_8859_1;
        var damaged = bytes.toString(charset).replace("not read", "not reed");
        var file = Files.write(folder.resolve("extra.pt"), damaged.getBytes(charset));
        try (var model = provider.open(file, Fixture.options());
                var hook = model.hook("classifier.relu1", new HookOptions(Fixture.DIGIT))) {
            assertTrue(hook.layer().shape().isKnown());
        }
    }

    @Test
    void sourceWithTwentyThousandBrackets() throws IOException {
        var nested = "(".repeat(20_000) + "input" + ")".repeat(20_000);
        var file = changed("vgg0.trace.pt", "/modules/linear.py", replacing("return ", "return " + nested + " "));
        assertRefused(DataException.class, file, "its source nests too deeply");
    }

    @Test
    void aModuleThatCallsItself() throws IOException {
        var file = changed("vgg0.trace.pt", "/models.py", replacing("\\(features\\)\\.forward", "self.forward"));
        assertRefused(DataException.class, file, "its calls nest too deeply");
    }

    private DataException refusedHook(Path file) {
        var options = new HookOptions(Fixture.DIGIT);
        try (var model = provider.open(file, Fixture.options())) {
            return assertThrows(DataException.class, () -> model.hook("classifier.relu1", options));
        }
    }

    @Test
    void termsOfLibtorchsDevelopersStayInTheCause() throws IOException {
        var file = changed("vgg0.trace.pt", "/modules/linear.py", replacing("torch.linear\\(", "torch.linear(self, "));
        var refusal = refusedHook(file);
        assertSentence(refusal, "changed.pt");
        assertFalse(refusal.getMessage().contains("::"), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("HERE"), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "torch.linear_of_tomorrow, 'calls linear_of_tomorrow, which PyTorch 2.7 does not have'",
        "ops.torchvision.nms, 'calls torchvision::nms, which does not belong to PyTorch'"
    })
    void anOperationThatThisPyTorchLacks(String called, String message) throws IOException {
        var file = changed("vgg0.trace.pt", "/modules/linear.py", replacing("torch.linear", called));
        assertSentence(refusedHook(file), message);
        try (var model = provider.open(file, Fixture.options());
                var before = model.hook("features", new HookOptions(Fixture.DIGIT))) {
            assertTrue(before.layer().shape().isKnown(), before.layer()::toString);
        }
    }

    @Test
    void anUnknownOperationThatIsNeverCalledChangesNothing() throws IOException {
        var branch = """
                if torch.eq(torch.dim(argument_1), 7):
                      _0 = torch._of_tomorrow(argument_1, [2], None)
                      input0 = _0
                    else:
                      input0 = argument_1
                    input = torch.linear(input0,""";
        var file =
                changed("vgg0.trace.pt", "/modules/linear.py", replacing("input = torch.linear\\(argument_1,", branch));
        var options = new HookOptions(Fixture.DIGIT);
        var inputs = Batch.allocate(2, Fixture.DIGIT);
        inputs.set(1, 100, 0.5f);
        var values = new ArrayList<float[]>();
        for (var each : List.of(Fixture.file("vgg0.trace.pt"), file)) {
            try (var model = provider.open(each, Fixture.options());
                    var hook = model.hook("classifier.relu1", options)) {
                var found = Batch.allocate(2, hook.layer().shape());
                hook.represent(inputs, found);
                values.add(found.toArray());
                assertTrue(model.layers(Fixture.DIGIT).size() > 3);
            }
        }
        assertArrayEquals(values.get(0), values.get(1));
    }

    @Test
    void aTruncatedArchive() throws IOException {
        for (int length : new int[] {5, 100, 200_000, 455_000}) {
            var file = damaged("vgg0.script.pt", length, 455_400);
            assertRefused(DataException.class, file, "truncated");
            assertEquals(Recognition.BY_NAME, provider.recognise(file));
        }
    }

    @Test
    void anEmptyFile() throws IOException {
        var file = Files.createFile(folder.resolve("empty.pt"));
        assertRefused(DataException.class, file, "is empty");
        assertEquals(Recognition.BY_NAME, provider.recognise(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights.pt", "weights-legacy.pt"})
    void weightsAlone(String name) {
        assertEquals(Recognition.BY_CONTENT, provider.recognise(Fixture.file(name)));
        assertRefused(DataException.class, Fixture.file(name), "torch.jit.script");
    }

    @Test
    void safetensors() throws IOException {
        var header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}";
        var bytes = ByteBuffer.allocate(8 + header.length() + 4).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(header.length()).put(header.getBytes(StandardCharsets.UTF_8));
        var file = Files.write(folder.resolve("model.safetensors"), bytes.array());
        assertEquals(Recognition.BY_CONTENT, provider.recognise(file));
        assertRefused(DataException.class, file, "torch.jit.trace");
    }

    @Test
    void aForeignZip() throws IOException {
        var file = folder.resolve("foreign.pt");
        try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("word/document.xml"));
            zip.write(1);
        }
        assertEquals(Recognition.NONE, provider.recognise(file));
        assertRefused(DataException.class, file, "nor a TorchScript archive");
    }

    @Test
    void aFolder() {
        assertRefused(DataException.class, folder, "is not a file");
    }

    @Test
    void aTraceInTrainingMode() {
        assertRefused(DataException.class, Fixture.file("training.trace.pt"), "model.eval()");
    }

    /** BiT has such weights: their statistics are not those of the batch. */
    @Test
    void aStandardisedWeightIsNotTrainingMode() throws IOException {
        var standardised = """
                rows = torch.unsqueeze(self.weight, 0)
                    weight = torch.squeeze(torch.batch_norm(rows, None, None, None, None, True, 0., 1e-5, True), 0)
                """.stripTrailing();
        var file = changed("vgg0.trace.pt", "/modules/linear.py", replacing("weight = self.weight", standardised));
        try (var model = provider.open(file, Fixture.options());
                var hook = model.hook("classifier.relu1", new HookOptions(Fixture.DIGIT))) {
            var inputs = Batch.allocate(3, Fixture.DIGIT);
            inputs.set(1, 400, 1);
            var together = Batch.allocate(3, hook.layer().shape());
            var alone = Batch.allocate(1, hook.layer().shape());
            hook.represent(inputs, together);
            hook.represent(inputs.slice(1, 2), alone);
            assertArrayEquals(together.slice(1, 2).toArray(), alone.toArray(), 1e-4f);
        }
        var ofBatch = standardised.replace("self.weight", "argument_1");
        var training = changed("vgg0.trace.pt", "/modules/linear.py", replacing("weight = self.weight", ofBatch));
        assertRefused(DataException.class, training, "model.eval()");
    }

    @Test
    void twoInputs() {
        assertRefused(UsageException.class, Fixture.file("twoinputs.script.pt"), "choose the searched input");
    }

    /**
     * A script reads its mode at run time, so it can be switched to evaluation mode and stays
     * there.
     */
    @Test
    void aScriptInTrainingModeIsEvaluated() {
        var inputs = Fixture.noise(4, IMAGE, 1);
        try (var model = Fixture.open("training.script.pt");
                var hook = model.hook("fc", new HookOptions(IMAGE));
                var frozen = Fixture.open("frozen.script.pt")) {
            var first = Batch.allocate(4, hook.layer().shape());
            var second = Batch.allocate(4, hook.layer().shape());
            hook.represent(inputs, first);
            hook.pullback(inputs, first, inputs.copy());
            hook.represent(inputs, second);
            assertArrayEquals(first.toArray(), second.toArray());
            var last = frozen.layers(IMAGE).stream()
                    .filter(layer -> layer.shape().equals(hook.layer().shape()))
                    .reduce((a, b) -> b)
                    .orElseThrow();
            try (var evaluated = frozen.hook(last.name(), new HookOptions(IMAGE))) {
                evaluated.represent(inputs, second);
            }
            assertTrue(Fixture.relativeError(first.toArray(), second.toArray()) < 1e-5);
        }
    }

    @Test
    void aFrozenArchiveHasOnlyVariables() {
        try (var model = Fixture.open("frozen.script.pt")) {
            var layers = model.layers(IMAGE);
            assertTrue(
                    layers.size() >= 3
                            && layers.stream().allMatch(layer -> layer.name().startsWith(":")),
                    layers.toString());
            var options = new HookOptions(IMAGE);
            assertSentence(assertThrows(UsageException.class, () -> model.hook("conv", options)), "frozen");
        }
    }

    @Test
    void inputsThatTheNetworkDoesNotAccept() {
        try (var model = Fixture.open("vgg0.script.pt")) {
            for (var shape : new Shape[] {Shape.of(3, 28, 28), Shape.of(784), Shape.of(1, 20, 20)}) {
                assertSentence(assertThrows(DataException.class, () -> model.layers(shape)), shape.toString());
                var options = new HookOptions(shape);
                assertSentence(
                        assertThrows(DataException.class, () -> model.hook("classifier.relu1", options)),
                        shape.toString());
            }
        }
    }

    @Test
    void noGradient() {
        try (var model = Fixture.open("detached.script.pt")) {
            var obstacle = model.layers(IMAGE).stream()
                    .filter(layer -> layer.name().equals("fc"))
                    .findFirst()
                    .orElseThrow()
                    .obstacle();
            assertTrue(obstacle.orElse("").contains("detaches"), obstacle.toString());
            var options = new HookOptions(IMAGE);
            assertSentence(
                    assertThrows(DataException.class, () -> model.hook("fc", options)), "choose an earlier layer");
            model.hook("conv", options).close();
            var inputs = Batch.allocate(2, IMAGE);
            inputs.set(1, 0, 1);
            try (var hook = model.hook("fc", HookOptions.withoutGradients(IMAGE))) {
                var found = Batch.allocate(2, hook.layer().shape());
                hook.represent(inputs, found);
                assertNotEquals(found.get(0, 0), found.get(1, 0));
            }
        }
    }

    @Test
    void attentionWithoutAGradient() {
        var tokens = Shape.of(5, 8);
        var options = new HookOptions(tokens);
        try (var traced = Fixture.open("attention.trace.pt")) {
            var obstacles = traced.layers(tokens).stream()
                    .filter(layer -> layer.obstacle().isPresent())
                    .map(layer -> layer.name())
                    .toList();
            assertTrue(obstacles.contains("head"), obstacles.toString());
            assertFalse(obstacles.contains("embed"), obstacles.toString());
            assertSentence(
                    assertThrows(DataException.class, () -> traced.hook("head", options)),
                    "set_fastpath_enabled(False)");
        }
        try (var scripted = Fixture.open("attention.script.pt");
                var hook = scripted.hook("head", options)) {
            assertEquals(Shape.of(5, 3), hook.layer().shape());
            assertTrue(scripted.layers(tokens).stream()
                    .allMatch(layer -> layer.obstacle().isEmpty()));
        }
    }

    @Test
    void noGpu() {
        var device = new Device(Device.Kind.CUDA, 0);
        var options = new ModelOptions(device, 1, Fixture.cache(), Map.of());
        var file = Fixture.file("vgg0.script.pt");
        assertSentence(
                assertThrows(UsageException.class, () -> provider.open(file, options)),
                "finds no GPU (the bundled libtorch is the one for the CPU)");
    }

    /** What DJL's variable has loaded is listed, although another libtorch is installed. */
    @Test
    void devicesAreOfTheLibraryThatIsLoaded() throws IOException {
        Files.createDirectories(folder.resolve("gpu/torch/lib"));
        var bundled = provider.devices(Fixture.cache());
        var installed = System.getProperty("stir.home");
        try {
            System.setProperty("stir.home", folder.toString());
            System.setProperty("PYTORCH_LIBRARY_PATH", folder.toString());
            Files.createFile(folder.resolve(System.mapLibraryName("torch")));
            assertEquals(bundled, provider.devices(Fixture.cache()));
        } finally {
            System.clearProperty("PYTORCH_LIBRARY_PATH");
            if (installed == null) {
                System.clearProperty("stir.home");
            } else {
                System.setProperty("stir.home", installed);
            }
        }
    }

    /** Settings come from files of others, too, and native code must not. */
    @Test
    void noSettingNamesALibrary() {
        assertEquals(Map.of(), provider.settings());
    }

    @Test
    void aFolderWithoutPyTorch() {
        var failure = assertThrows(UsageException.class, () -> PyTorch.load(Fixture.cache(), folder));
        assertSentence(failure, "install it again with stir-gpu");
    }

    /** The variable may name a folder without libtorch, or one that is absent; tests set the property. */
    @Test
    void aVariableWithoutPyTorch() {
        for (var named : new Path[] {folder, folder.resolve("absent")}) {
            try {
                System.setProperty("PYTORCH_LIBRARY_PATH", named.toString());
                var failure = assertThrows(UsageException.class, () -> PyTorch.load(Fixture.cache(), null));
                assertSentence(failure, "There is no PyTorch library in " + named);
                assertSentence(failure, "set the variable PYTORCH_LIBRARY_PATH to");
            } finally {
                System.clearProperty("PYTORCH_LIBRARY_PATH");
            }
        }
    }
}
