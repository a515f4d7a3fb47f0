package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.contract.Numerical;

/** Batches of any size, or of the size that tracing has fixed. */
@Numerical
class BatchesTest {
    private static final Shape IMAGE = Shape.of(3, 8, 8);
    private static final HookOptions OPTIONS = new HookOptions(IMAGE);

    @Test
    void aSizeThatTracingFixedIsReported() {
        int rows = 4;
        var inputs = Fixture.noise(rows, IMAGE, 1);
        try (var model = Fixture.open("fixedrows.trace.pt");
                var fixed = model.hook("rows", OPTIONS);
                var free = model.hook("conv", OPTIONS)) {
            assertEquals(OptionalInt.of(rows), model.input().batch());
            assertEquals(OptionalInt.of(rows), fixed.batch());
            assertEquals(OptionalInt.empty(), free.batch());
            assertEquals(IMAGE, model.input().shape());
            var values = Batch.allocate(rows, fixed.layer().shape());
            fixed.represent(inputs, values);
            var convolved = Batch.allocate(rows, free.layer().shape());
            free.represent(inputs, convolved);
            for (int i = 0; i < values.buffer().limit(); i++) {
                assertEquals(
                        Math.tanh(convolved.buffer().get(i)), values.buffer().get(i), 1e-6);
            }
            var targets = Fixture.noise(rows, fixed.layer().shape(), 2);
            var distances = new double[rows];
            fixed.distance(inputs, targets, Norm.L2, distances, inputs.copy());
            var expected = new double[rows];
            Norm.L2.distances(values, targets, expected);
            assertArrayEquals(expected, distances, 1e-9);
        }
    }

    @Test
    void anyNumberOfRowsIsAcceptedOtherwise() {
        try (var model = Fixture.open("vgg0.trace.pt")) {
            assertEquals(OptionalInt.empty(), model.input().batch());
            assertEquals(Fixture.DIGIT, model.input().shape());
        }
        try (var model = Fixture.open("vgg0.script.pt")) {
            assertEquals(
                    Shape.of(1, Shape.UNKNOWN, Shape.UNKNOWN), model.input().shape());
        }
    }

    @Test
    void preparedArchivesAreDeleted(@TempDir Path cache) throws IOException {
        PyTorch.load(Fixture.cache(), null); // its libraries stay, the other folder is deleted
        var options = new ModelOptions(Device.CPU, 1, cache, Map.of());
        var file = Fixture.file("vgg0.script.pt");
        try (var model = new DjlBackendProvider().open(file, options);
                var hook = model.hook("flatten", new HookOptions(Fixture.DIGIT));
                var files = Files.list(cache.resolve("archives"))) {
            assertEquals(Shape.of(576), hook.layer().shape());
            assertEquals(0, files.count());
        }
    }
}
