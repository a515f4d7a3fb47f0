package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.ModelOptions;
import stir.api.Norm;

/**
 * The time of a pass compared with Python's {@code tf.function}, for models that {@code bench.py}
 * wrote into the folder {@code -Dstir.tf.speed}. Not part of the usual build.
 */
@EnabledIfSystemProperty(
        named = "stir.tf.speed",
        matches = ".+",
        disabledReason = "-Dstir.tf.speed=FOLDER names what bench.py makes with TensorFlow")
class SpeedTest {
    private static final int WARM_UP = 3;
    private static final String PYTHON = ".python.txt";

    @Test
    void passesComparedWithPython() throws IOException {
        var folder = Path.of(System.getProperty("stir.tf.speed"));
        var table = new ArrayList<String>();
        table.add(
                "| model, batch | Stir: minimum, median ms | processor ms | Python: minimum, median ms | processor ms |");
        table.add("|---|---|---|---|---|");
        try (var files = Files.list(folder)) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(PYTHON)).sorted().toList()) {
                var name = file.getFileName().toString().replace(PYTHON, "");
                var python = Files.readString(file).trim().split(" ", -1);
                int batch = Integer.parseInt(python[0]);
                var times = time(folder.resolve(name), batch, Integer.parseInt(python[1]), python[2]);
                table.add(String.format(
                        Locale.ROOT,
                        "| %s, %d | %.1f, %.1f | %.1f | %s, %s | %s |",
                        name,
                        batch,
                        times[0],
                        times[1],
                        times[2],
                        python[3],
                        python[4],
                        python[5]));
            }
        }
        Files.write(folder.resolve("speed.md"), table);
        assertTrue(table.size() > 2, "no models in " + folder);
    }

    /**
     * Returns the minimum and the median time and the mean processor time of a pass, in
     * milliseconds.
     */
    private static double[] time(Path file, int rows, int threads, String layer) {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        var options = new ModelOptions(Device.CPU, threads, Models.cache(), Map.of());
        try (var model = new TfBackendProvider().open(file, options);
                var hook = model.hook(layer, new HookOptions(model.input().shape()))) {
            var random = new Random(1);
            var inputs = Batch.allocate(rows, hook.inputShape());
            var others = Batch.allocate(rows, hook.inputShape());
            for (int i = 0; i < inputs.buffer().limit(); i++) {
                inputs.buffer().put(i, random.nextFloat());
                others.buffer().put(i, random.nextFloat());
            }
            var targets = Batch.allocate(rows, hook.layer().shape());
            hook.represent(others, targets);
            var gradients = Batch.allocate(rows, hook.inputShape());
            var times = new double[rows > 50 ? 60 : 20];
            long processor = 0;
            for (int i = -WARM_UP; i < times.length; i++) {
                if (i == 0) {
                    processor = system.getProcessCpuTime();
                }
                long start = System.nanoTime();
                hook.distance(inputs, targets, Norm.L2, new double[rows], gradients);
                if (i >= 0) {
                    times[i] = (System.nanoTime() - start) / 1e6;
                }
            }
            double mean = (system.getProcessCpuTime() - processor) / 1e6 / times.length;
            Arrays.sort(times);
            return new double[] {times[0], times[times.length / 2], mean};
        }
    }
}
