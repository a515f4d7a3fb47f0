import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntConsumer;

/**
 * Whether a process that computes for long grows: many passes with a gradient through one network,
 * and many opens of it with a hook and one pass, with the size of the process on the way.
 *
 * <p>Arguments: the folder of Stir's image, the passes, the opens, the networks, which take digits.
 */
final class Endurance {
    private static final int ROWS = 10;

    /** Of the work: a part of it is not yet in the first size, which is that of a warm process. */
    private static final double[] MOMENTS = {0.05, 0.25, 0.5, 0.75, 1};

    private final Stir stir;
    private final Inputs inputs;

    private Endurance(Path home) {
        this.stir = Stir.load(home);
        this.inputs =
                Inputs.open(home.resolve("demo").resolve("mnist500-images-idx3-ubyte")).limit(ROWS);
    }

    public static void main(String[] args) throws IOException {
        int passes = Integer.parseInt(args[1]);
        int opens = Integer.parseInt(args[2]);
        var endurance = new Endurance(Path.of(args[0]));
        System.out.println(
                "| network | work | MiB at 5 % | 25 % | 50 % | 75 % | at the end | seconds |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (var file : List.of(args).subList(3, args.length)) {
            endurance.measure(Path.of(file), passes, opens);
        }
    }

    private void measure(Path file, int passes, int opens) throws IOException {
        var spec = NetworkSpec.of(file).withThreads(1).withBatchSize(ROWS);
        var name = String.valueOf(file.getFileName());
        try (var network = stir.open(spec)) {
            var shape = shape(network);
            try (var hook = network.model().hook(network.layer(), new HookOptions(shape, false))) {
                row(name, passes + " passes", passes, i -> pass(hook, shape));
            }
        }
        row(
                name,
                opens + " opens",
                opens,
                i -> {
                    try (var network = stir.open(spec)) {
                        var shape = shape(network);
                        var options = new HookOptions(shape, false);
                        try (var hook = network.model().hook(network.layer(), options)) {
                            pass(hook, shape);
                        }
                    }
                });
    }

    /** What the network takes; digits where it does not say. */
    private Shape shape(Network network) {
        var own = network.model().input().shape();
        return own.isKnown() && own.rank() > 0 ? own : inputs.shape();
    }

    private void pass(LayerHook hook, Shape shape) {
        var digits = Batch.allocate(ROWS, shape);
        digits.buffer().put(0, inputs.read(0, ROWS).buffer(), 0, digits.buffer().capacity());
        var targets = Batch.allocate(ROWS, hook.layer().shape());
        hook.distance(digits, targets, Norm.L2, new double[ROWS], digits.copy());
    }

    private static void row(String name, String work, int count, IntConsumer step)
            throws IOException {
        var sizes = new ArrayList<String>();
        long begun = System.nanoTime();
        for (int done = 0; done < count; done++) {
            step.accept(done);
            if (sizes.size() < MOMENTS.length && done + 1 >= MOMENTS[sizes.size()] * count) {
                sizes.add(Long.toString(mebibytes()));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %.0f |%n",
                name,
                work,
                String.join(" | ", sizes),
                (System.nanoTime() - begun) / 1e9);
    }

    /** What of the process is in memory now. */
    private static long mebibytes() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
