import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import stir.api.Batch;
import stir.api.Device;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Model;
import stir.api.Shape;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Resources;
import stir.core.runtime.progress.Progress;
import stir.core.study.InvertRequest;
import stir.core.study.StudyListener;

/**
 * How far passes on a GPU and the updates of points on the processors overlap, measured without a GPU:
 * the network is a test double that sleeps for a GPU's time per pass, one pass at a time, and
 * computes averages of pixels, which take little of a processor's time.
 *
 * <p>Arguments: the folder of Stir's image, the milliseconds of a pass that do not depend on its
 * rows (default 4), those per row (default 0.45), the most threads (default: twice the processors).
 */
final class GpuOverlap {
    private static final Shape PHOTO = Shape.of(3, 224, 224);
    private static final int WIDTH = 2048;
    private static final int GROUP = PHOTO.size() / WIDTH;
    private static final int INPUTS = 68;
    private static final int BEFORE = 3;
    private static final int STEPS = 8;

    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private GpuOverlap() {}

    public static void main(String[] args) {
        var stir = Stir.load(Path.of(args[0]));
        double fixed = args.length > 1 ? Double.parseDouble(args[1]) : 4;
        double perRow = args.length > 2 ? Double.parseDouble(args[2]) : 0.45;
        int processors = Runtime.getRuntime().availableProcessors();
        int most = args.length > 3 ? Integer.parseInt(args[3]) : 2 * processors;
        System.out.printf(
                Locale.ROOT,
                "passes of %.2f ms and %.2f ms per row, %d photos of 224 x 224, optimiser fast, %d processors%n%n",
                fixed, perRow, INPUTS, processors);
        System.out.println("| threads | rows of a pass | ms per input and step | of it, processors | GPU busy | times as fast |");
        System.out.println("|---|---|---|---|---|---|");
        double first = run(stir, fixed, perRow, 1, 6, 0);
        for (int threads = 1; threads <= most; threads *= 2) {
            run(stir, fixed, perRow, threads, Resources.BATCH_SIZE, first);
        }
    }

    /** Returns the milliseconds per input and step. */
    private static double run(
            Stir stir, double fixed, double perRow, int threads, int batch, double first) {
        var gpu = new Gpu(fixed, perRow);
        var spec =
                NetworkSpec.of(Path.of("gpu"))
                        .withLayer("features")
                        .withResources(new Resources(new Device(Device.Kind.CUDA, 0), threads, batch));
        var random = new Random(62);
        var photos = Batch.allocate(INPUTS, PHOTO);
        for (int row = 0; row < INPUTS; row++) {
            for (int i = 0; i < PHOTO.size(); i++) {
                photos.set(row, i, random.nextFloat());
            }
        }
        var settings =
                InversionSettings.of(Optimizer.FAST.method())
                        .withIterations(BEFORE + STEPS)
                        .with(SearchOption.TOLERANCE, "0");
        var clock = new Clock(gpu);
        try (var network = Network.of("gpu", "", "sleep", gpu, spec)) {
            stir.invert(InvertRequest.of(network, Inputs.of(photos), settings).withListener(clock));
        }
        double ms = clock.wall / 1e6 / clock.passes;
        System.out.printf(
                Locale.ROOT,
                "| %d | %d | %.2f | %.2f | %.0f %% | %.1f |%n",
                threads, gpu.rows, ms, clock.cpu / 1e6 / clock.passes, 100.0 * clock.busy / clock.wall, first == 0 ? 1 : first / ms);
        return ms;
    }

    /** Measures between two numbers of passes. */
    private static final class Clock implements StudyListener {
        private final Gpu gpu;
        private long begun;
        private long begunBusy;
        private long from;
        private long wall;
        private long begunCpu;
        private long cpu;
        private long busy;
        private long passes;

        Clock(Gpu gpu) {
            this.gpu = gpu;
        }

        @Override
        public void step(String line) {}

        @Override
        public void update(Progress progress) {
            if (!progress.task().startsWith("Inverting")) {
                return;
            }
            if (begun == 0 && progress.done() >= (long) INPUTS * BEFORE) {
                begun = System.nanoTime();
                begunCpu = SYSTEM.getProcessCpuTime();
                begunBusy = gpu.busy.get();
                from = progress.done();
            } else if (begun != 0 && progress.done() <= (long) INPUTS * (BEFORE + STEPS)) {
                wall = System.nanoTime() - begun;
                cpu = SYSTEM.getProcessCpuTime() - begunCpu;
                busy = gpu.busy.get() - begunBusy;
                passes = progress.done() - from;
            }
        }
    }

    /** A network that sleeps for a GPU's time, one pass at a time; its features are averages. */
    private static final class Gpu implements Model {
        private final ReentrantLock device = new ReentrantLock(true);
        private final AtomicLong busy = new AtomicLong();
        private final double fixed;
        private final double perRow;
        private volatile int rows;

        Gpu(double fixed, double perRow) {
            this.fixed = fixed;
            this.perRow = perRow;
        }

        /** Sleeps for a pass forward and backward, or a third of it forward. */
        private void pass(int count, double share) {
            device.lock();
            try {
                long start = System.nanoTime();
                Thread.sleep(0, 0);
                long end = start + (long) (share * (fixed + perRow * count) * 1e6);
                for (long left = end - start; left > 0; left = end - System.nanoTime()) {
                    Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
                }
                busy.addAndGet(System.nanoTime() - start);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                device.unlock();
            }
        }

        @Override
        public InputSpec input() {
            return new InputSpec("x", PHOTO, Layout.CHANNELS_FIRST, OptionalInt.empty());
        }

        @Override
        public List<Layer> layers(Shape shape) {
            return List.of(new Layer("features", "Mean", Shape.of(WIDTH)));
        }

        @Override
        public Optional<String> defaultLayer() {
            return Optional.of("features");
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            return new LayerHook() {
                @Override
                public Layer layer() {
                    return layers(PHOTO).get(0);
                }

                @Override
                public Shape inputShape() {
                    return PHOTO;
                }

                @Override
                public boolean fakeRelu() {
                    return false;
                }

                @Override
                public void represent(Batch inputs, Batch representations) {
                    pass(inputs.rows(), 1.0 / 3);
                    for (int row = 0; row < inputs.rows(); row++) {
                        for (int unit = 0; unit < WIDTH; unit++) {
                            float sum = 0;
                            for (int i = 0; i < GROUP; i++) {
                                sum += inputs.get(row, unit * GROUP + i);
                            }
                            representations.set(row, unit, sum * sum);
                        }
                    }
                }

                @Override
                public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
                    rows = Math.max(rows, inputs.rows());
                    pass(inputs.rows(), 2.0 / 3);
                    for (int row = 0; row < inputs.rows(); row++) {
                        for (int unit = 0; unit < WIDTH; unit++) {
                            float sum = 0;
                            for (int i = 0; i < GROUP; i++) {
                                sum += inputs.get(row, unit * GROUP + i);
                            }
                            float slope = 2 * sum * cotangents.get(row, unit);
                            for (int i = 0; i < GROUP; i++) {
                                gradients.set(row, unit * GROUP + i, slope);
                            }
                        }
                    }
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public void close() {}
    }
}
