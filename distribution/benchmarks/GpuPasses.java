import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.StirException;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.network.NetworkSpec;
import stir.core.network.Resources;

/**
 * Passes of one network on one device, for {@code gpu_check.sh}. Prints one line of JSON, and ends
 * with 1 if the check fails.
 *
 * <p>Arguments: the folder of Stir, the network, the shape of one input such as 3x224x224, the device,
 * and one of
 *
 * <ul>
 *   <li>{@code values FILE TOLERANCE}: writes values and gradients of 8 rows into FILE, or compares
 *       them with it if it exists, relative to the largest value
 *   <li>{@code repeat TIMES}: counts the different results of the same pass
 *   <li>{@code passes ROWS THREADS}: rows per second, forward and backward, without a search
 *   <li>{@code search INPUTS THREADS}: steps of inputs per second of the optimiser fast
 * </ul>
 */
final class GpuPasses {
    private static final int ROWS = 8;
    private static final int WARM_UP = 3;
    private static final int PASSES = 20;
    private static final int STEPS = 30;

    private GpuPasses() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        var check = args[4];
        int threads = check.equals("passes") || check.equals("search") ? Integer.parseInt(args[6]) : 1;
        var device = Device.parse(args[3]);
        var line = new StringBuilder();
        line.append(
                "{\"check\": \"%s\", \"network\": \"%s\", \"device\": \"%s\", "
                        .formatted(check, Path.of(args[1]).getFileName(), device));
        boolean isRight;
        try {
            isRight = run(check, device, threads, line, args);
        } catch (StirException e) {
            line.append("\"error\": \"%s\", ".formatted(e.getMessage().replace("\"", "'")));
            isRight = false;
        }
        System.out.println(line + "\"ok\": " + isRight + "}");
        System.exit(isRight ? 0 : 1);
    }

    private static boolean run(
            String check, Device device, int threads, StringBuilder line, String... args)
            throws IOException, InterruptedException {
        var stir = Stir.load(Path.of(args[0]));
        var spec =
                NetworkSpec.of(Path.of(args[1]))
                        .withResources(new Resources(device, threads, Resources.BATCH_SIZE));
        try (var network = stir.open(spec)) {
            var stated = network.input().shape();
            var shape = stated.rank() > 0 && stated.isKnown() ? stated : shape(args[2]);
            line.append("\"runtime\": \"%s\", ".formatted(network.model().runtime()));
            if (check.equals("search")) {
                int inputs = Integer.parseInt(args[5]);
                var settings =
                        InversionSettings.of(Optimizer.FAST.method())
                                .withIterations(STEPS)
                                .with(SearchOption.TOLERANCE, "0");
                stir.invert(network, Inputs.of(noise(inputs, shape)), settings.withIterations(2));
                long start = System.nanoTime();
                stir.invert(network, Inputs.of(noise(inputs, shape)), settings);
                double rate = inputs * STEPS / seconds(start);
                line.append(
                        String.format(
                                Locale.ROOT,
                                "\"inputs\": %d, \"threads\": %d, \"steps_per_second\": %.1f, ",
                                inputs, threads, rate));
                return rate > 0;
            }
            try (var hook = network.model().hook(network.layer(), new HookOptions(shape))) {
                return switch (check) {
                    case "values" ->
                            values(hook, Path.of(args[5]), Double.parseDouble(args[6]), line);
                    case "repeat" -> repeat(hook, Integer.parseInt(args[5]), line);
                    case "passes" -> passes(hook, Integer.parseInt(args[5]), threads, line);
                    default -> throw new IllegalArgumentException(check);
                };
            }
        }
    }

    private static Shape shape(String text) {
        return Shape.of(Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray());
    }

    /** Returns rows of noise in [0,1], the same on each call. */
    private static Batch noise(int rows, Shape shape) {
        var random = new Random(62);
        var batch = Batch.allocate(rows, shape);
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < batch.rowSize(); i++) {
                batch.set(row, i, random.nextFloat());
            }
        }
        return batch;
    }

    /** Returns values, their gradients by a pass with a rule, distances and their gradients. */
    private static List<float[]> results(LayerHook hook) {
        var inputs = noise(ROWS, hook.inputShape());
        var found = Batch.allocate(ROWS, hook.layer().shape());
        var gradients = Batch.allocate(ROWS, hook.inputShape());
        hook.pullback(inputs, (values, cotangents) -> copy(values, cotangents), found, gradients);
        var targets = Batch.allocate(ROWS, hook.layer().shape());
        var ofDistances = Batch.allocate(ROWS, hook.inputShape());
        hook.distance(inputs, targets, Norm.L2, new double[ROWS], ofDistances);
        return List.of(floats(found), floats(gradients), floats(ofDistances));
    }

    private static void copy(Batch from, Batch into) {
        for (int row = 0; row < from.rows(); row++) {
            into.copyRow(from, row, row);
        }
    }

    private static float[] floats(Batch batch) {
        var values = new float[batch.rows() * batch.rowSize()];
        batch.buffer().duplicate().rewind().get(values);
        return values;
    }

    private static boolean values(LayerHook hook, Path file, double tolerance, StringBuilder line)
            throws IOException {
        var results = results(hook);
        if (!Files.exists(file)) {
            try (var out = new DataOutputStream(Files.newOutputStream(file))) {
                var bytes = new ByteArrayOutputStream();
                var floats = new DataOutputStream(bytes);
                for (var part : results) {
                    for (float value : part) {
                        floats.writeFloat(value);
                    }
                }
                out.write(bytes.toByteArray());
            }
            line.append("\"wrote\": \"%s\", ".formatted(file.getFileName()));
            return true;
        }
        var differences = new ArrayList<String>();
        boolean isRight = true;
        try (var in =
                new DataInputStream(new ByteArrayInputStream(Files.readAllBytes(file)))) {
            for (var part : results) {
                double most = 0;
                double largest = 0;
                for (float value : part) {
                    float expected = in.readFloat();
                    double difference = Math.abs((double) value - expected);
                    most = difference <= most ? most : difference; // NaN stays
                    largest = Math.max(largest, Math.abs(expected));
                }
                double relative = most / largest;
                isRight &= relative <= tolerance;
                differences.add(String.format(Locale.ROOT, "%.2e", relative));
            }
        }
        line.append("\"differences\": \"%s\", ".formatted(String.join(" ", differences)));
        return isRight;
    }

    private static boolean repeat(LayerHook hook, int times, StringBuilder line) {
        var different = new TreeSet<Integer>();
        for (int i = 0; i < times; i++) {
            different.add(results(hook).stream().mapToInt(Arrays::hashCode).sum());
        }
        line.append("\"times\": %d, \"different\": %d, ".formatted(times, different.size()));
        return different.size() == 1;
    }

    private static boolean passes(LayerHook hook, int rows, int threads, StringBuilder line)
            throws InterruptedException {
        var workers = new ArrayList<Thread>();
        var starts = new CyclicBarrier(threads + 1);
        for (int i = 0; i < threads; i++) {
            workers.add(
                    new Thread(
                            () -> {
                                var inputs = noise(rows, hook.inputShape());
                                var found = Batch.allocate(rows, hook.layer().shape());
                                var gradients = Batch.allocate(rows, hook.inputShape());
                                for (int pass = -WARM_UP; pass < PASSES; pass++) {
                                    if (pass == 0) {
                                        await(starts);
                                    }
                                    hook.pullback(inputs, GpuPasses::copy, found, gradients);
                                }
                            }));
        }
        workers.forEach(Thread::start);
        await(starts);
        long start = System.nanoTime();
        for (var worker : workers) {
            worker.join();
        }
        double rate = (double) rows * threads * PASSES / seconds(start);
        line.append(
                String.format(
                        Locale.ROOT,
                        "\"rows\": %d, \"threads\": %d, \"rows_per_second\": %.1f, ",
                        rows, threads, rate));
        return rate > 0;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
