package stir.backend.djl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.Norm;

/** Memory over many passes. */
class MemoryTest {
    /** A pass that leaked its arrays would leave about 1 MB each time. */
    @Test
    void memoryStaysConstant() throws IOException {
        int rows = 10;
        var inputs = Fixture.noise(rows, Fixture.DIGIT, 3);
        try (var model = Fixture.open("vgg0.script.pt");
                var hook = model.hook("classifier.relu1", new HookOptions(Fixture.DIGIT, FakeRelu.BEFORE_LAYER))) {
            var targets = Fixture.noise(rows, hook.layer().shape(), 4);
            var values = Batch.allocate(rows, hook.layer().shape());
            var gradients = Batch.allocate(rows, Fixture.DIGIT);
            long before = 0;
            for (int i = 0; i < 300; i++) {
                if (i == 50) {
                    before = residentKilobytes();
                }
                hook.distance(inputs, targets, Norm.L2, new double[rows], gradients);
                hook.represent(inputs, values);
            }
            long grown = residentKilobytes() - before;
            assertTrue(grown < 40_000, grown + " kB more after 250 iterations");
        }
    }

    private static long residentKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }
}
