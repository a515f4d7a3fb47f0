package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.StirException;
import stir.api.contract.Numerical;

/** Hooks with the same source share one copy of the network, as long as one of them is open. */
@Numerical
class SharedComputationsTest {
    private static final HookOptions PLAIN = new HookOptions(Fixture.DIGIT);
    private static final HookOptions FORWARD = HookOptions.withoutGradients(Fixture.DIGIT);

    private static float[] values(LayerHook hook) {
        var values = Batch.allocate(3, hook.layer().shape());
        hook.represent(Fixture.noise(3, Fixture.DIGIT, 1), values);
        return values.toArray();
    }

    /** Without its file a network can't be loaded again, so that a hook that opens is shared. */
    @Test
    void aSecondHookNeedsNoFileAndOutlivesTheFirst(@TempDir Path folder) throws IOException {
        var file = folder.resolve("vgg0.script.pt");
        Files.copy(Fixture.file("vgg0.script.pt"), file);
        try (var model = new DjlBackendProvider().open(file, Fixture.options())) {
            var first = model.hook("flatten", FORWARD);
            var expected = values(first);
            Files.delete(file);
            assertThrows(StirException.class, () -> model.hook("classifier.fc1", FORWARD));
            try (var second = model.hook("flatten", PLAIN)) {
                first.close();
                first.close();
                assertArrayEquals(expected, values(second));
                var gradients = Batch.allocate(3, Fixture.DIGIT);
                var ones = Batch.of(second.layer().shape(), expected);
                second.pullback(Fixture.noise(3, Fixture.DIGIT, 1), ones, gradients);
                assertTrue(gradients.get(0, 300) != 0, "no gradient");
            }
            assertThrows(StirException.class, () -> model.hook("flatten", PLAIN));
        }
    }

    @Test
    void anotherSourceOrShapeIsNotShared() {
        var fakes = new HookOptions(Fixture.DIGIT, FakeRelu.BEFORE_LAYER);
        try (var model = Fixture.open("vgg0.script.pt");
                var plain = model.hook("flatten", PLAIN);
                var fake = model.hook("flatten", fakes)) {
            assertArrayEquals(values(plain), values(fake));
            assertTrue(!plain.fakeRelu() && fake.fakeRelu(), "the hooks differ");
        }
    }
}
