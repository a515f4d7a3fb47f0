import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.core.Network;
import stir.core.NetworkSpec;
import stir.core.Progress;
import stir.core.ProgressListener;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an iteration of Stir's search costs over the bare forward and backward passes that are in it:
 * the same rows, in passes of the same size, on as many threads. Blocks of both take turns, so that
 * other work on the machine meets both alike.
 *
 * <p>Arguments: the folder of Stir's image, the blocks (default 15), the threads (default: the
 * processors).
 */
final class LoopOverhead {
    private static final int ROWS = 100;
    private static final int PASS_ROWS = 25;
    private static final int ITERATIONS = 20;
    private static final int WARM_UP = 3;

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
        int blocks = args.length > 1 ? Integer.parseInt(args[1]) : 15;
        int threads =
                args.length > 2
                        ? Integer.parseInt(args[2])
                        : Runtime.getRuntime().availableProcessors();
        new LoopOverhead(Path.of(args[0]), blocks, threads).run();
    }

    private void run() throws InterruptedException {
        System.out.printf(
                "%d rows, passes of %d, %d threads, median of %d blocks of %d iterations%n%n",
                ROWS, PASS_ROWS, threads, blocks, ITERATIONS);
        System.out.println(
                "| model | optimiser | bare, ms | search, ms | overhead, wall | bare, CPU ms | search, CPU ms | overhead, CPU |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        for (var model : List.of("vgg0", "resnet0")) {
            for (var optimizer : Optimizer.values()) {
                compare(model, optimizer);
            }
        }
    }

    private void compare(String model, Optimizer optimizer) throws InterruptedException {
        var spec = NetworkSpec.of(demo.resolve(model + ".script.pt")).withThreads(threads);
        var inputs = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(ROWS);
        var settings =
                InversionSettings.REFERENCE
                        .withOptimizer(optimizer)
                        .withIterations(ITERATIONS)
                        .withBatchSize(ROWS);
        var bare = new ArrayList<Cost>();
        var search = new ArrayList<Cost>();
        try (var network = stir.open(spec)) {
            boolean fakeRelu =
                    stir.invert(network, inputs, settings, ProgressListener.SILENT).fakeRelu();
            try (var hook =
                    network.model()
                            .hook(network.layer(), new HookOptions(inputs.shape(), fakeRelu))) {
                for (int block = -WARM_UP; block < blocks; block++) {
                    var bareCost = bare(hook, inputs);
                    var searchCost = search(network, inputs, settings);
                    if (block >= 0) {
                        bare.add(bareCost);
                        search.add(searchCost);
                    }
                }
            }
        }
        double bareWall = median(bare.stream().mapToDouble(Cost::wall).toArray());
        double searchWall = median(search.stream().mapToDouble(Cost::wall).toArray());
        double bareCpu = median(bare.stream().mapToDouble(Cost::cpu).toArray());
        double searchCpu = median(search.stream().mapToDouble(Cost::cpu).toArray());
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.1f | %.1f | %+.1f %% | %.1f | %.1f | %+.1f %% |%n",
                model,
                optimizer,
                bareWall,
                searchWall,
                100 * (searchWall / bareWall - 1),
                bareCpu,
                searchCpu,
                100 * (searchCpu / bareCpu - 1));
    }

    /** The passes of a block without anything around them, each thread with rows of its own. */
    private Cost bare(LayerHook hook, Inputs inputs) throws InterruptedException {
        int passes = ROWS / PASS_ROWS;
        var workers = new ArrayList<Thread>();
        var start = Moment.now();
        for (int i = 0; i < Math.min(threads, passes); i++) {
            int first = i;
            workers.add(
                    new Thread(
                            () -> {
                                var pixels = inputs.read(0, PASS_ROWS);
                                var targets = Batch.allocate(PASS_ROWS, hook.layer().shape());
                                var gradients = Batch.allocate(PASS_ROWS, inputs.shape());
                                var distances = new double[PASS_ROWS];
                                for (int iteration = 0; iteration < ITERATIONS; iteration++) {
                                    for (int pass = first; pass < passes; pass += threads) {
                                        hook.distance(
                                                pixels, targets, Norm.L2, distances, gradients);
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
        stir.invert(network, inputs, settings, clock);
        return clock.cost();
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1
                ? values[middle]
                : (values[middle - 1] + values[middle]) / 2;
    }

    /** Notes when the search has made each number of passes. */
    private static final class Clock implements ProgressListener {
        private final List<Long> done = new ArrayList<>();
        private final List<Moment> moments = new ArrayList<>();

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
