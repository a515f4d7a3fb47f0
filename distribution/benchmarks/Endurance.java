import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Layer;
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
 * Whether a process that computes for long grows, or dies: many passes with a gradient through one
 * network, many opens of it with a hook and one pass, and many opens of all networks in turn, with
 * the size of the process on the way.
 *
 * <p>Arguments: the folder of Stir's image, the passes and opens of each network, the opens of all in
 * turn, the networks, each with {@code =SHAPE} behind it where it takes no digits. What there is none
 * of is left out.
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
        int turns = Integer.parseInt(args[3]);
        var endurance = new Endurance(Path.of(args[0]));
        var subjects = List.of(args).subList(4, args.length).stream().map(endurance::subject).toList();
        System.out.println(
                "| network | work | MiB at 5 % | 25 % | 50 % | 75 % | at the end | seconds |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (var subject : subjects) {
            endurance.measure(subject, passes, opens);
        }
        row(
                subjects.size() + " networks in turn",
                "opens",
                turns,
                i -> endurance.open(subjects.get(i % subjects.size())));
    }

    /** A network, and what it takes. */
    private record Subject(Path file, Shape shape) {
        NetworkSpec spec() {
            return NetworkSpec.of(file).withThreads(1).withBatchSize(ROWS);
        }
    }

    private Subject subject(String argument) {
        int end = argument.indexOf('=');
        return end < 0
                ? new Subject(Path.of(argument), inputs.shape())
                : new Subject(
                        Path.of(argument.substring(0, end)), Shape.parse(argument.substring(end + 1)));
    }

    private void measure(Subject subject, int passes, int opens) throws IOException {
        var name = String.valueOf(subject.file().getFileName());
        try (var network = stir.open(subject.spec())) {
            var shape = shape(network, subject);
            try (var hook = hook(network, shape)) {
                row(name, "passes", passes, i -> pass(hook, shape));
            }
        }
        row(name, "opens", opens, i -> open(subject));
    }

    private void open(Subject subject) {
        try (var network = stir.open(subject.spec())) {
            var shape = shape(network, subject);
            try (var hook = hook(network, shape)) {
                pass(hook, shape);
            }
        }
    }

    /** The layer before the classifier, or the last one where that can't be told. */
    private static LayerHook hook(Network network, Shape shape) {
        var model = network.model();
        var layer =
                model.defaultLayer()
                        .or(() -> model.layers(shape).stream()
                                .filter(each -> each.obstacle().isEmpty())
                                .map(Layer::name)
                                .reduce((one, next) -> next))
                        .orElseThrow();
        return model.hook(layer, new HookOptions(shape));
    }

    /** What the network takes; what it is given where it does not say. */
    private static Shape shape(Network network, Subject subject) {
        var own = network.model().input().shape();
        return own.isKnown() && own.rank() > 0 ? own : subject.shape();
    }

    private void pass(LayerHook hook, Shape shape) {
        var batch = Batch.allocate(ROWS, shape);
        var digits = inputs.read(0, ROWS).buffer();
        for (int i = 0; i < batch.buffer().capacity(); i++) {
            batch.buffer().put(i, digits.get(i % digits.capacity()));
        }
        var targets = Batch.allocate(ROWS, hook.layer().shape());
        hook.distance(batch, targets, Norm.L2, new double[ROWS], batch.copy());
    }

    private static void row(String name, String work, int count, IntConsumer step)
            throws IOException {
        if (count == 0) {
            return;
        }
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
                "| %s | %d %s | %s | %.0f |%n",
                name,
                count,
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
