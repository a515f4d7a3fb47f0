import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import stir.api.Batch;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.runtime.progress.Progress;
import stir.core.study.InvertRequest;
import stir.core.study.StudyListener;

/**
 * What an iteration of Stir's search costs over the bare forward and backward passes that are in it:
 * the same rows, in passes of the same size, on as many threads. Blocks of both take turns, so that
 * other work on the machine meets both alike.
 *
 * <p>Arguments: the folder of Stir's image, the blocks (default 7), the threads (default: the
 * processors).
 */
final class LoopOverhead {
    private static final int ROWS = 100;
    private static final int PASS_ROWS = 25;
    private static final int ITERATIONS = 100;
    private static final int WARM_UP = 1;

    private final Stir stir;
    private final Path demo;
    private final int blocks;
    private final int threads;

    private LoopOverhead(Path home, int blocks, int threads) {
        this.stir = Stir.load(home);
        this.demo = home.resolve("demo");
        this.blocks = blocks;
        this.threads = threads;
    }

    public static void main(String[] args) throws InterruptedException {
        int blocks = args.length > 1 ? Integer.parseInt(args[1]) : 7;
        int threads =
                args.length > 2
                        ? Integer.parseInt(args[2])
                        : Runtime.getRuntime().availableProcessors();
        new LoopOverhead(Path.of(args[0]), blocks, threads).run();
    }

    private void run() throws InterruptedException {
        System.out.printf(
                "%d rows, passes of %d, %d threads, median (quartiles) of %d blocks of %d iterations%n%n",
                ROWS, PASS_ROWS, threads, blocks, ITERATIONS);
        System.out.println(
                "| model | optimiser | bare, ms | search, ms | overhead, wall | bare, CPU ms | search, CPU ms | overhead, CPU |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (var model : List.of("vgg0", "resnet0")) {
            for (var optimizer :
                    List.of(Optimizer.PUBLISHED, Optimizer.FAST, Optimizer.THOROUGH)) {
                compare(model, optimizer);
            }
        }
    }

    private void compare(String model, Optimizer optimizer) throws InterruptedException {
        var spec = NetworkSpec.of(demo.resolve(model + ".script.pt")).withThreads(threads).withBatchSize(ROWS);
        var inputs = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(ROWS);
        var settings =
                InversionSettings.of(optimizer.method())
                        .withIterations(ITERATIONS)
                        .with(SearchOption.TOLERANCE, "0");
        var bare = new ArrayList<Cost>();
        var search = new ArrayList<Cost>();
        try (var network = stir.open(spec)) {
            var found = stir.invert(network, inputs, settings);
            try (var hook =
                    network.model()
                            .hook(
                                    network.layer(),
                                    new HookOptions(
                                            inputs.shape(),
                                            found.fakeRelu()
                                                    ? FakeRelu.BEFORE_LAYER
                                                    : FakeRelu.NONE))) {
                var points = found.invariantInputs().read(0, ROWS);
                var targets = targets(hook, inputs);
                for (int block = -WARM_UP; block < blocks; block++) {
                    var bareCost = bare(hook, points, targets);
                    var searchCost = search(network, inputs, settings);
                    if (block >= 0) {
                        bare.add(bareCost);
                        search.add(searchCost);
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %s | %.1f | %.1f | %s |%n",
                model,
                optimizer,
                median(bare, Cost::wall),
                median(search, Cost::wall),
                overhead(bare, search, Cost::wall),
                median(bare, Cost::cpu),
                median(search, Cost::cpu),
                overhead(bare, search, Cost::cpu));
    }

    /** The median over the blocks of what a search costs more than the bare passes beside it, with quartiles. */
    private static String overhead(
            List<Cost> bare, List<Cost> search, ToDoubleFunction<Cost> clock) {
        var percent = new double[bare.size()];
        for (int i = 0; i < percent.length; i++) {
            percent[i] =
                    100
                            * (clock.applyAsDouble(search.get(i)) / clock.applyAsDouble(bare.get(i))
                                    - 1);
        }
        Arrays.sort(percent);
        return "%+.1f %% (%+.1f to %+.1f)"
                .formatted(
                        percent[percent.length / 2],
                        percent[percent.length / 4],
                        percent[percent.length * 3 / 4]);
    }

    private static Batch targets(LayerHook hook, Inputs inputs) {
        var targets = Batch.allocate(ROWS, hook.layer().shape());
        for (int row = 0; row < ROWS; row += PASS_ROWS) {
            hook.represent(inputs.read(row, PASS_ROWS), targets.slice(row, row + PASS_ROWS));
        }
        return targets;
    }

    /**
     * The passes of a block without anything around them, each thread with rows of its own. The
     * points are some that a search came to: how long a pass takes depends on its values too.
     */
    private Cost bare(LayerHook hook, Batch points, Batch targets) throws InterruptedException {
        int passes = ROWS / PASS_ROWS;
        var workers = new ArrayList<Thread>();
        var start = Moment.now();
        for (int i = 0; i < Math.min(threads, passes); i++) {
            int first = i;
            workers.add(
                    new Thread(
                            () -> {
                                var gradients = Batch.allocate(PASS_ROWS, points.rowShape());
                                var distances = new double[PASS_ROWS];
                                for (int iteration = 0; iteration < ITERATIONS; iteration++) {
                                    for (int pass = first; pass < passes; pass += threads) {
                                        int from = pass * PASS_ROWS;
                                        hook.distance(
                                                points.slice(from, from + PASS_ROWS),
                                                targets.slice(from, from + PASS_ROWS),
                                                Norm.L2,
                                                distances,
                                                gradients);
                                    }
                                }
                            }));
        }
        workers.forEach(Thread::start);
        for (var worker : workers) {
            worker.join();
        }
        return start.costOf(ITERATIONS, Moment.now());
    }

    /** The iterations of a search from its first pass to its last, without what is done once. */
    private Cost search(Network network, Inputs inputs, InversionSettings settings) {
        var clock = new Clock();
        stir.invert(InvertRequest.of(network, inputs, settings).withListener(clock));
        return clock.cost();
    }

    private static double median(List<Cost> costs, ToDoubleFunction<Cost> clock) {
        double[] values = costs.stream().mapToDouble(clock).sorted().toArray();
        return values[values.length / 2];
    }

    /** Notes when the search has made each number of passes. */
    private static final class Clock implements StudyListener {
        private final List<Long> done = new ArrayList<>();
        private final List<Moment> moments = new ArrayList<>();

        @Override
        public void step(String line) {}

        @Override
        public void update(Progress progress) {
            long before = done.isEmpty() ? 0 : done.get(done.size() - 1);
            if (progress.task().startsWith("Inverting")
                    && progress.done() > before
                    && progress.done() <= (long) ROWS * ITERATIONS) {
                done.add(progress.done());
                moments.add(Moment.now());
            }
        }

        Cost cost() {
            int last = done.size() - 1;
            double iterations = (done.get(last) - done.get(0)) / (double) ROWS;
            return moments.get(0).costOf(iterations, moments.get(last));
        }
    }

    /** Milliseconds an iteration. */
    private record Cost(double wall, double cpu) {}

    /** Nanoseconds of the clock and of all this process's threads. */
    private record Moment(long wall, long cpu) {
        static Moment now() {
            var process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Moment(System.nanoTime(), process.getProcessCpuTime());
        }

        Cost costOf(double iterations, Moment end) {
            return new Cost(
                    (end.wall - wall) / 1e6 / iterations, (end.cpu - cpu) / 1e6 / iterations);
        }
    }
}
