package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Device;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Layer;
import stir.api.ModelOptions;
import stir.api.Recognition;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;

/** Programs of {@code torch.export}, in the form up to PyTorch 2.8 and in the one that followed. */
class ExportedProgramTest {
    private static final Shape IMAGE = Shape.of(3, 8, 8);
    private static final double CLOSE = 1e-5;
    private static final String OLDER = "exported.older.pt2";
    private static final String NEWER = "exported.newer.pt2";

    /** The names of the results of a module that returns two tensors. */
    private static final Map<String, String> OF_PAIR = Map.of("pair:tanh", "pair[0]", "pair:conv2d_4", "pair[1]");

    @TempDir
    private Path folder;

    private static double distance(float[] found, double[] expected) {
        assertEquals(expected.length, found.length);
        double squares = 0;
        double size = 0;
        for (int i = 0; i < found.length; i++) {
            squares += Math.pow(found[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(squares / size);
    }

    private static Batch batch(double[] values, int rows, Shape shape) {
        var batch = Batch.allocate(rows, shape);
        for (int i = 0; i < values.length; i++) {
            batch.buffer().put(i, (float) values[i]);
        }
        return batch;
    }

    @ParameterizedTest
    @ValueSource(strings = {OLDER, NEWER})
    void everyLayerHasPythonsValuesAndGradients(String file) {
        var reference = Fixture.arrays("exported.npz");
        int rows = 3;
        var inputs = batch(reference.doubles("inputs"), rows, IMAGE);
        try (var model = Fixture.open(file)) {
            var layers = model.layers(IMAGE).stream()
                    .map(Layer::name)
                    .filter(name -> !name.equals("head@in"))
                    .toList();
            assertEquals(19, layers.size(), layers::toString);
            for (var layer : layers) {
                var name = OF_PAIR.getOrDefault(layer, layer);
                try (var hook = model.hook(layer, new HookOptions(IMAGE))) {
                    var shape = hook.layer().shape();
                    var values = Batch.allocate(rows, shape);
                    var gradients = Batch.allocate(rows, IMAGE);
                    hook.represent(inputs, values);
                    hook.pullback(inputs, batch(reference.doubles(name + ".cotangent"), rows, shape), gradients);
                    assertTrue(distance(values.toArray(), reference.doubles(name)) < CLOSE, layer);
                    assertTrue(distance(gradients.toArray(), reference.doubles(name + ".gradient")) < CLOSE, layer);
                }
            }
        }
    }

    @Test
    void itTakesAnyNumberOfInputsIfItWasExportedSo() {
        try (var model = Fixture.open(NEWER)) {
            assertEquals(IMAGE, model.input().shape());
            assertEquals(OptionalInt.empty(), model.input().batch());
            assertEquals("pool", model.defaultLayer().orElseThrow());
        }
    }

    @Test
    void aNumberOfInputsInItsCodeIsFound() {
        try (var model = Fixture.open("fixedrows.pt2");
                var hook = model.hook("fc", new HookOptions(IMAGE))) {
            assertEquals(OptionalInt.of(2), model.input().batch());
            assertEquals(OptionalInt.of(2), hook.batch());
        }
    }

    @Test
    void aReluPassesGradientsIfThisIsWanted() {
        var inputs = Fixture.noise(2, IMAGE, 5);
        for (var wanted : List.of(FakeRelu.NONE, FakeRelu.OF_LAYER)) {
            try (var model = Fixture.open(NEWER);
                    var hook = model.hook("block.act", new HookOptions(IMAGE, wanted))) {
                assertEquals(wanted != FakeRelu.NONE, hook.fakeRelu());
                var values = Batch.allocate(2, hook.layer().shape());
                hook.represent(inputs, values);
                for (float value : values.toArray()) {
                    assertTrue(value >= 0);
                }
            }
        }
    }

    @Test
    void aBlockWithoutAutocastIsComputedAsTheRest() {
        var inputs = Fixture.noise(3, Shape.of(4), 3);
        try (var model = Fixture.open("uncast.pt2");
                var a = model.hook("a", new HookOptions(Shape.of(4)));
                var relu = model.hook("b@in", new HookOptions(Shape.of(4)))) {
            var expected = Batch.allocate(3, Shape.of(4));
            a.represent(inputs, expected);
            for (int i = 0; i < expected.buffer().capacity(); i++) {
                expected.buffer().put(i, Math.max(0, expected.buffer().get(i)));
            }
            var found = Batch.allocate(3, Shape.of(4));
            relu.represent(inputs, found);
            assertArrayEquals(expected.toArray(), found.toArray());
        }
    }

    @Test
    void aNetworkMayCallItselfByAnotherNameThanSelf() {
        try (var model = Fixture.open("othername.pt2")) {
            assertEquals(
                    List.of("body.0", "body", "body.1", "stages.0.0", "stages.0", "stages.0.1"),
                    model.layers(Shape.of(4)).stream().map(Layer::name).toList());
        }
    }

    @Test
    void modulesThatHaveNoValueOfTheirOwnAreExplained() {
        var options = new HookOptions(IMAGE);
        try (var model = Fixture.open(NEWER)) {
            var pair = assertThrows(UsageException.class, () -> model.hook("pair", options));
            assertTrue(pair.getMessage().contains("pair:tanh, pair:conv2d_4"), pair.getMessage());
            var none = assertThrows(UsageException.class, () -> model.hook("identity", options));
            assertTrue(none.getMessage().contains("is an identity"), none.getMessage());
            var typo = assertThrows(UsageException.class, () -> model.hook("atention", options));
            assertTrue(typo.getMessage().contains("is attention"), typo.getMessage());
        }
    }

    @Test
    void anInputOfAModuleIsALayerAlthoughItIsNotListed() {
        try (var model = Fixture.open(NEWER);
                var input = model.hook("attention.qkv@in", new HookOptions(IMAGE))) {
            assertEquals(Shape.of(16, 4), input.layer().shape());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "training.pt2, call model.eval() before exporting it",
        "branching.pt2, it contains the control flow cond",
        "datadependent.pt2, sizes in it depend on values"
    })
    void aProgramThatCannotRunIsRefused(String file, String reason) throws IOException {
        refuse(Fixture.file(file), reason);
    }

    @Test
    void aProgramOfSeveralInputsAsksForThem() throws IOException {
        var file = Fixture.file("twoinputs.pt2");
        var refusal = assertThrows(UsageException.class, () -> new DjlBackendProvider().open(file, Fixture.options()));
        assertTrue(refusal.getMessage().contains("2 inputs (x, y)"), refusal.getMessage());
    }

    private static void refuse(Path file, String reason) throws IOException {
        var provider = new DjlBackendProvider();
        assertEquals(Recognition.BY_CONTENT, provider.recognise(file));
        var refusal = assertThrows(DataException.class, () -> provider.open(file, Fixture.options()));
        assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
        assertTrue(refusal.getMessage().endsWith("."), refusal.getMessage());
        assertFalse(refusal.getMessage().contains("\n"), refusal.getMessage());
    }

    private Path changed(String name, String record, UnaryOperator<String> change) throws IOException {
        var copy = folder.resolve("changed.pt2");
        boolean found = false;
        try (var zip = new ZipFile(Fixture.file(name).toFile());
                var out = new ZipOutputStream(Files.newOutputStream(copy))) {
            for (var entry : Collections.list(zip.entries())) {
                var bytes = zip.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith(record)) {
                    var charset = StandardCharsets.ISO_8859_1;
                    var text = new String(bytes, charset);
                    var other = change.apply(text);
                    found |= !other.equals(text);
                    bytes = other.getBytes(charset);
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(bytes);
            }
        }
        assertTrue(found, "the archive was changed");
        return copy;
    }

    @ParameterizedTest
    @CsvSource({
        "'\"name\": \"tanh\"', '\"name\": \"tanh; x\"', is reserved or not an identifier",
        "'\"name\": \"tanh\"', '\"name\": \"self\"', is reserved",
        "torch.ops.aten.tanh.default, torch.ops.mine.tanh.default, is not an operator of PyTorch's own",
        "torch.ops.aten.tanh.default, torch.ops.aten.save.default, networks have no access to files",
        "torch.ops.aten.tanh.default, torch.ops.aten.from_file.out, networks have no access to files",
        "torch.ops.aten.tanh.default, torch.ops.higher_order.scan, it contains the control flow scan",
        "'\"storage_offset\": {\"as_int\": 0}', '\"storage_offset\": {\"as_int\": 9}', is damaged",
        "'\"strides\": [{\"as_int\": 27}', '\"strides\": [{\"as_int\": 1099511627776}', is damaged",
        "'\"path_name\": \"weight_0\"', '\"path_name\": \"../../weight\"', is missing",
        "'\"nodes\": [', '\"nodes\": [7, ', has another type",
        "'\"user_input\": {\"arg\"', '\"user_input\": {\"gra\"', has no",
        "'{\"as_int\": 8}', '{\"as_int\": -8}', its input has a size of -8",
        "'{\"graph_module\"', '[{\"graph_module\"', is not valid JSON"
    })
    void aHostileProgramIsRefused(String from, String to, String reason) throws IOException {
        refuse(changed(NEWER, ".json", text -> text.replace(from, to)), reason);
    }

    @Test
    void anOperatorOfALaterPyTorchIsRefusedByName() throws IOException {
        var file = changed(
                NEWER, "model.json", text -> text.replace("torch.ops.aten.tanh.default", "torch.ops.aten.tanh9.x"));
        try (var model = new DjlBackendProvider().open(file, Fixture.options())) {
            var refusal = assertThrows(DataException.class, () -> model.hook("attention", new HookOptions(IMAGE)));
            assertTrue(refusal.getMessage().contains("calls tanh9"), refusal.getMessage());
        }
    }

    @Test
    void aTruncatedOrDamagedFileIsRefused() throws IOException {
        for (var name : List.of(OLDER, NEWER)) {
            var bytes = Files.readAllBytes(Fixture.file(name));
            var provider = new DjlBackendProvider();
            var truncated = Files.write(folder.resolve("truncated.pt2"), Arrays.copyOf(bytes, bytes.length / 2));
            assertThrows(DataException.class, () -> provider.open(truncated, Fixture.options()));
            for (int place = 200; place < bytes.length; place += 997) {
                var damaged = bytes.clone();
                damaged[place] ^= 0x20;
                var file = Files.write(folder.resolve("damaged.pt2"), damaged);
                try (var model = provider.open(file, Fixture.options())) {
                    model.layers(IMAGE); // the damage was in a part that nothing reads
                } catch (StirException e) {
                    assertFalse(e.getMessage().contains("\n"), e.getMessage());
                }
            }
        }
    }

    @Test
    void aFileThatIsReplacedWhileItIsOpenIsRefused() throws IOException {
        var cache = folder.resolve("cache");
        var file = Files.copy(Fixture.file(OLDER), folder.resolve("replaced.pt2"));
        var options = new ModelOptions(Device.CPU, 1, cache, Map.of());
        try (var model = new DjlBackendProvider().open(file, options)) {
            try (var files = Files.list(cache.resolve("archives"))) {
                for (var prepared : files.toList()) {
                    Files.delete(prepared);
                }
            }
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
            var refusal = assertThrows(DataException.class, () -> model.hook("head", new HookOptions(IMAGE)));
            assertTrue(refusal.getMessage().contains("has changed"), refusal.getMessage());
            assertEquals(file.toString(), model.toString());
        }
    }

    @Test
    void aTidiedCacheIsFilledAgainAndNothingIsLeftInIt() throws IOException {
        var cache = folder.resolve("cache");
        var archives = cache.resolve("archives");
        var options = new ModelOptions(Device.CPU, 1, cache, Map.of());
        try (var model = new DjlBackendProvider().open(Fixture.file(OLDER), options)) {
            try (var files = Files.list(archives)) {
                for (var file : files.toList()) {
                    Files.delete(file);
                }
            }
            var hooks = IntStream.range(0, 4).parallel();
            hooks.forEach(i -> model.hook("head", new HookOptions(IMAGE)).close());
        }
        try (var files = Files.list(archives)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
