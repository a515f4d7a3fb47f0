package stir.backend.onnx;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.IntConsumer;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

/**
 * A runner of passes for the scripts in {@code src/test/python}, which compare gradients and times
 * with PyTorch. Arrays are files of bare single-precision numbers.
 *
 * <pre>
 * PassRunner represent MODEL LAYER SHAPE THREADS INPUTS REPRESENTATIONS
 * PassRunner pullback MODEL LAYER SHAPE THREADS INPUTS COTANGENTS GRADIENTS
 * PassRunner time MODEL LAYER SHAPE THREADS INPUTS TARGETS REPEATS
 * PassRunner rule MODEL LAYER SHAPE THREADS INPUTS TARGETS REPEATS
 * PassRunner twice MODEL LAYER SHAPE THREADS INPUTS TARGETS REPEATS
 * </pre>
 *
 * <p>{@code LAYER} may be {@code default}. {@code time} prints the milliseconds of each
 * distance-and-gradient pass, {@code rule} of a pass whose cotangents a rule chooses, {@code twice}
 * of such a pass that goes forward twice.
 */
final class PassRunner {
    private PassRunner() {}

    /** Runs the passes that the arguments describe. */
    public static void main(String... args) throws IOException {
        var out = new PrintStream(System.out, true);
        var shape = Shape.parse(args[3]);
        int threads = Integer.parseInt(args[4]);
        try (var model = new OnnxBackendProvider().open(Path.of(args[1]), Fixtures.options(threads))) {
            var layer = args[2].equals("default") ? model.defaultLayer().orElseThrow() : args[2];
            try (var hook = model.hook(layer, new HookOptions(shape))) {
                var inputs = read(args[5], shape);
                switch (args[0]) {
                    case "represent" -> {
                        var found = Batch.allocate(inputs.rows(), hook.layer().shape());
                        hook.represent(inputs, found);
                        write(found, args[6]);
                    }
                    case "pullback" -> {
                        var gradients = Batch.allocate(inputs.rows(), shape);
                        hook.pullback(inputs, read(args[6], hook.layer().shape()), gradients);
                        write(gradients, args[7]);
                    }
                    case "time", "rule", "twice" -> {
                        var targets = read(args[6], hook.layer().shape());
                        time(out, Integer.parseInt(args[7]), pass(args[0], hook, inputs, targets));
                    }
                    default -> throw new IllegalArgumentException(args[0]);
                }
                out.println("layer " + hook.layer().name() + " " + hook.layer().shape());
            }
        }
    }

    private static IntConsumer pass(String kind, LayerHook hook, Batch inputs, Batch targets) {
        int rows = inputs.rows();
        var distances = new double[rows];
        var gradients = Batch.allocate(rows, inputs.rowShape());
        var found = Batch.allocate(rows, targets.rowShape());
        var cotangents = Batch.allocate(rows, targets.rowShape());
        CotangentRule rule = (h, c) -> Norm.L2.derivatives(h, targets, distances, c);
        return switch (kind) {
            case "time" -> i -> hook.distance(inputs, targets, Norm.L2, distances, gradients);
            case "rule" -> i -> hook.pullback(inputs, rule, found, gradients);
            default ->
                i -> {
                    hook.represent(inputs, found);
                    rule.apply(found, cotangents);
                    hook.pullback(inputs, cotangents, gradients);
                };
        };
    }

    private static void time(PrintStream out, int repeats, IntConsumer pass) {
        var times = new double[repeats];
        for (int i = -2; i < repeats; i++) { // the first ones open the session and warm up
            long start = System.nanoTime();
            pass.accept(i);
            if (i >= 0) {
                times[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        out.println("times " + Arrays.toString(times));
    }

    private static Batch read(String file, Shape row) throws IOException {
        try (var channel = FileChannel.open(Path.of(file))) {
            int rows = Math.toIntExact(channel.size() / (4L * row.size()));
            var batch = Batch.allocate(rows, row);
            ByteBuffer bytes = batch.bytes();
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until all bytes are read
            }
            return batch;
        }
    }

    private static void write(Batch batch, String file) throws IOException {
        try (var channel = FileChannel.open(
                Path.of(file),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            ByteBuffer bytes = batch.bytes();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }
}
