import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Shape;
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
 * Milliseconds of a forward and backward pass of one input, bare and in a search, of wall and of
 * processor time, and what the search takes itself, in per cent of its passes: Java's recorder sees
 * every 10 milliseconds where it is (of several threads it may see too much, and it does not
 * see copies of arrays). {@code pass_times.py} starts it and times PyTorch beside it.
 *
 * <p>Arguments: the folder of Stir's image, a model, its layer or "-", the pixels a side of its
 * three colours, the rows of a bare pass, the inputs of the search, the threads.
 */
final class PassTimes {
    private static final int PASSES = 12;
    private static final int WARM_UP = 4;

    /** The steps of a search that are timed. */
    private static final int STEPS = 40;

    /** The steps of a search before those that are timed: till it remembers as much as it may. */
    private static final int STEPS_BEFORE = 25;

    private static long begunWall;
    private static long begunCpu;

    private PassTimes() {}

    public static void main(String[] args) throws IOException {
        int side = Integer.parseInt(args[3]);
        int rows = Integer.parseInt(args[4]);
        var shape = Shape.of(3, side, side);
        var inputs = noise(Integer.parseInt(args[5]), shape);
        var stir = Stir.load(Path.of(args[0]));
        var spec = NetworkSpec.of(Path.of(args[1])).withThreads(Integer.parseInt(args[6]));
        if (!args[2].equals("-")) {
            spec = spec.withLayer(args[2]);
        }
        try (var network = stir.open(spec)) {
            try (var hook = network.model().hook(network.layer(), new HookOptions(shape))) {
                var points = Batch.allocate(rows, shape);
                for (int row = 0; row < rows; row++) {
                    points.copyRow(inputs, row % inputs.rows(), row);
                }
                var gradients = Batch.allocate(rows, shape);
                var representations = Batch.allocate(rows, hook.layer().shape());
                for (int pass = -WARM_UP; pass < PASSES; pass++) {
                    if (pass == 0) {
                        begin();
                    }
                    hook.pullback(points, PassTimes::fill, representations, gradients);
                }
                print("bare", PASSES * rows);
            }
            search(stir, network, inputs);
        }
    }

    private static void search(Stir stir, Network network, Batch inputs) throws IOException {
        var settings =
                InversionSettings.of(Optimizer.FAST.method())
                        .withIterations(STEPS_BEFORE + STEPS)
                        .with(SearchOption.TOLERANCE, "0");
        long first = (long) inputs.rows() * STEPS_BEFORE;
        long last = (long) inputs.rows() * (STEPS_BEFORE + STEPS);
        try (var samples = new Recording()) {
            for (String kind : List.of("jdk.ExecutionSample", "jdk.NativeMethodSample")) {
                samples.enable(kind).withPeriod(Duration.ofMillis(10));
            }
            stir.invert(InvertRequest.of(network, Inputs.of(inputs), settings).withListener(new StudyListener() {
                        private boolean ended;

                        @Override
                        public void step(String line) {}

                        @Override
                        public void update(Progress progress) {
                            if (!progress.task().startsWith("Inverting")) {
                                return;
                            }
                            if (progress.done() == first) {
                                samples.start();
                                PassTimes.begin();
                            } else if (progress.done() == last && !ended) {
                                ended = true;
                                print("search", STEPS * inputs.rows());
                                samples.stop();
                            }
                        }
                    }));
            System.out.printf(Locale.ROOT, "own %.2f%n", own(samples));
        }
    }

    /** The samples of a search that are not in the backend, in per cent of those that are. */
    private static double own(Recording samples) throws IOException {
        var file = Files.createTempFile("samples", ".jfr");
        samples.dump(file);
        var events = RecordingFile.readAllEvents(file);
        Files.delete(file);
        int own = 0;
        int passes = 0;
        for (var sample : events) {
            var classes = classes(sample);
            if (classes.stream().anyMatch(name -> name.startsWith("stir.core.inversion.search."))) {
                if (classes.get(0).startsWith("stir.backend.")) {
                    passes++;
                } else {
                    own++;
                }
            }
        }
        if (passes == 0) {
            throw new IllegalStateException("Java's recorder has seen no pass.");
        }
        return 100.0 * own / passes;
    }

    /** Stir's classes in a sample's stack, the innermost first. */
    private static List<String> classes(RecordedEvent sample) {
        if (sample.getStackTrace() == null) {
            return List.of();
        }
        return sample.getStackTrace().getFrames().stream()
                .map(frame -> frame.getMethod().getType().getName())
                .filter(name -> name.startsWith("stir."))
                .toList();
    }

    private static void fill(Batch representations, Batch cotangents) {
        for (int i = 0; i < cotangents.rows() * cotangents.rowSize(); i++) {
            cotangents.buffer().put(i, 1);
        }
    }

    private static Batch noise(int rows, Shape shape) {
        var random = new Random(5);
        var noise = Batch.allocate(rows, shape);
        var row = new float[shape.size()];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < row.length; j++) {
                row[j] = random.nextFloat();
            }
            noise.buffer().put(i * row.length, row);
        }
        return noise;
    }

    private static void begin() {
        begunWall = System.nanoTime();
        begunCpu = cpu();
    }

    private static void print(String what, int passes) {
        System.out.printf(
                Locale.ROOT,
                "%s %.3f %.3f%n",
                what,
                (System.nanoTime() - begunWall) / 1e6 / passes,
                (cpu() - begunCpu) / 1e6 / passes);
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
