import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Matrix;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;
import stir.core.study.StudyListener;

/**
 * What each optimiser reaches on each model, next to the published one: passes, time, residuals,
 * stuck inputs and STIR against every other model.
 *
 * <p>Arguments: the folder of Stir's image, the inputs (default 100), then more models' files. The
 * demo's vgg0 and resnet0 are references always, its vgg1 and resnet1 targets only.
 */
final class Optimisers {
    private static final double STUCK = 0.5;
    private static final int FEW_ITERATIONS = 30;

    private final Stir stir;
    private final Inputs inputs;
    private final Map<String, Path> models = new LinkedHashMap<>();

    private Optimisers(Path home, int count) {
        this.stir = Stir.load(home);
        var demo = home.resolve("demo");
        this.inputs = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(count);
        for (var name : List.of("vgg0", "resnet0", "vgg1", "resnet1")) {
            models.put(name, demo.resolve(name + ".script.pt"));
        }
    }

    public static void main(String[] args) {
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        var benchmark = new Optimisers(Path.of(args[0]), count);
        var references = new ArrayList<>(List.of("vgg0", "resnet0"));
        for (int i = 2; i < args.length; i++) {
            var file = Path.of(args[i]);
            var name = file.getFileName().toString().replaceFirst("\\..*", "");
            benchmark.models.put(name, file);
            references.add(name);
        }
        benchmark.run(references);
    }

    private void run(List<String> references) {
        System.out.printf("%d inputs of %s%n%n", inputs.count(), inputs.source());
        System.out.println(
                "| model | optimiser | passes + calibration | time, s | residual mean / median / max | above 0.5 | within 0.005 | restarted | STIR |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        var published = InversionSettings.REFERENCE;
        var fast = InversionSettings.of(Optimizer.FAST.method());
        for (var reference : references) {
            row(reference, published);
            row(reference, published.withIterations(fast.iterations()));
            row(reference, fast.withIterations(FEW_ITERATIONS));
            row(reference, fast);
            row(reference, InversionSettings.of(Optimizer.THOROUGH.method()));
        }
    }

    private void row(String reference, InversionSettings settings) {
        try (var network = open(reference)) {
            long start = System.nanoTime();
            var found = stir.invert(network, inputs, settings, StudyListener.SILENT);
            double seconds = (System.nanoTime() - start) / 1e9;
            int stuck = 0;
            for (int i = 0; i < found.count(); i++) {
                stuck += found.residual(i) > STUCK ? 1 : 0;
            }
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.0f + %.1f | %.1f | %.4f / %.4f / %.3f | %d | %.0f %% | %d | %s |%n",
                    reference,
                    settings.optimizer(),
                    found.meanPasses(),
                    found.calibrationPasses() / (double) found.count(),
                    seconds,
                    found.meanResidual(),
                    found.medianResidual(),
                    found.maxResidual(),
                    stuck,
                    100 * found.converged(Optimizer.THOROUGH.method().tolerance()),
                    found.restarted(),
                    scores(reference, found));
        }
    }

    /** STIR of every other model, given the reference's invariant inputs. */
    private String scores(String reference, Inversion found) {
        var text = new StringBuilder();
        for (var name : models.keySet()) {
            if (name.equals(reference)) {
                continue;
            }
            try (var target = open(name)) {
                double score =
                        stir.similarity(
                                        represent(target, inputs.read(0, inputs.count())),
                                        represent(target, found.invariantInputs().read(0, found.count())),
                                        List.of(ScoreSettings.DEFAULT_MEASURE))
                                .get(ScoreSettings.DEFAULT_MEASURE)
                            .value()
                            .orElse(Double.NaN);
                text.append(String.format(Locale.ROOT, "%s %.3f ", name, score));
            }
        }
        return text.toString().strip();
    }

    private static Matrix represent(Network network, Batch pixels) {
        var options = new HookOptions(pixels.rowShape(), false);
        try (var hook = network.model().hook(network.layer(), options)) {
            var representations = Batch.allocate(pixels.rows(), hook.layer().shape());
            hook.represent(pixels, representations);
            return Matrix.of(representations);
        }
    }

    private Network open(String model) {
        return stir.open(NetworkSpec.of(models.get(model)));
    }
}
