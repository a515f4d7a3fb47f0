import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Matrix;
import stir.api.support.Words;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.Preset;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;

/**
 * What each preset finds on the demo's networks: residuals, how far the points moved, and STIR for
 * the network that differs in its initialisation alone.
 *
 * <p>Arguments: the folder of Stir's image, the inputs (default 50), then presets (default all).
 */
final class Presets {
    private static final Map<String, String> TARGETS = Map.of("vgg0", "vgg1", "resnet0", "resnet1");

    private Presets() {}

    public static void main(String[] args) {
        var home = Path.of(args[0]);
        var inputs =
                Inputs.open(home.resolve("demo/mnist500-images-idx3-ubyte"))
                        .limit(args.length > 1 ? Integer.parseInt(args[1]) : 50);
        var presets =
                args.length > 2
                        ? Arrays.stream(args).skip(2).map(text -> Words.parse(Preset.class, "preset", text)).toList()
                        : List.of(Preset.values());
        var stir = Stir.load(home);
        System.out.println("| preset | network | residual mean / median / max | moved | STIR |");
        System.out.println("|---|---|---|---|---|");
        for (var preset : presets) {
            for (var reference : List.of("vgg0", "resnet0")) {
                row(stir, home, inputs, preset, reference);
            }
        }
    }

    private static void row(
            Stir stir, Path home, Inputs inputs, Preset preset, String reference) {
        try (var network = open(stir, home, reference);
                var target = open(stir, home, TARGETS.get(reference))) {
            var found =
                    stir.invert(network, inputs, preset.settings());
            double score =
                    stir.similarity(
                                    represent(target, inputs.read(0, inputs.count())),
                                    represent(
                                            target,
                                            found.invariantInputs().read(0, inputs.count())),
                                    List.of(ScoreSettings.DEFAULT_MEASURE))
                            .get(ScoreSettings.DEFAULT_MEASURE)
                            .value()
                            .orElse(Double.NaN);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %.4f / %.4f / %.3f | %.1f | %s %.3f |%n",
                    preset,
                    reference,
                    found.meanResidual(),
                    found.medianResidual(),
                    found.maxResidual(),
                    found.meanMoved(),
                    TARGETS.get(reference),
                    score);
        }
    }

    private static Network open(Stir stir, Path home, String name) {
        return stir.open(NetworkSpec.of(home.resolve("demo").resolve(name + ".script.pt")));
    }

    private static Matrix represent(Network network, Batch pixels) {
        var options = new HookOptions(pixels.rowShape());
        try (var hook = network.model().hook(network.layer(), options)) {
            var representations = Batch.allocate(pixels.rows(), hook.layer().shape());
            hook.represent(pixels, representations);
            return Matrix.of(representations);
        }
    }
}
