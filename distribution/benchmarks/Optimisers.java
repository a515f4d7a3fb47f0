import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Matrix;
import stir.core.Stir;
import stir.core.extension.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.rule.SearchedNetworks;
import stir.core.inversion.search.Inverter;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.progress.ProgressListener;
import stir.core.score.ScoreSettings;

/**
 * What each optimiser reaches on each network: passes, time, residuals, how many inputs are found and
 * how far they moved, and STIR of other networks of the same inputs. {@code thorough} begins at its
 * seeds, and where {@code fast} and {@code reference} ended: three ways to one value.
 *
 * <p>Arguments: the folder of Stir's image, the inputs' number (default 100), the folder that {@code
 * small_networks.py} filled, or none, and then names of references (default: all).
 */
final class Optimisers {
    private static final List<String> DEMO = List.of("vgg0", "resnet0", "vgg1", "resnet1");

    /** The small networks, and the layer of each that is inverted. */
    private static final Map<String, String> SMALL = small();

    /** The small networks that STIR is of. */
    private static final List<String> SMALL_TARGETS = List.of("mlp_tanh", "mlp_gelu", "cnn_bn");

    private static final List<String> WAYS =
            List.of(
                    "fast:30",
                    "fast",
                    "reference",
                    "thorough",
                    "thorough from fast",
                    "thorough from reference");

    private final Stir stir;
    private final Path folder;

    private Optimisers(Path home, Path folder) {
        this.stir = Stir.load(home);
        this.folder = folder;
    }

    private static Map<String, String> small() {
        var layers = new LinkedHashMap<String, String>();
        for (var name : List.of("mlp_tanh", "mlp_gelu", "mlp_norm")) {
            layers.put(name, "a3");
        }
        for (var name : List.of("cnn_bn", "cnn_max", "cnn_leaky", "cnn_gelu")) {
            layers.put(name, "r4");
        }
        return layers;
    }

    public static void main(String[] args) {
        var home = Path.of(args[0]);
        int count = args.length > 1 ? Integer.parseInt(args[1]) : 100;
        var chosen = List.of(args).subList(Math.min(args.length, 3), args.length);
        System.out.println(
                "| network | search | passes + calibration | time, s | residual mean / median / max | found | moved | restarted | STIR |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        if (args.length > 2) {
            var folder = Path.of(args[2]);
            var inputs = Inputs.open(folder.resolve("inputs.npy")).limit(count);
            new Optimisers(home, folder).run(SMALL.keySet(), SMALL_TARGETS, chosen, inputs);
        }
        var demo = home.resolve("demo");
        var digits = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(count);
        new Optimisers(home, demo).run(DEMO, DEMO, chosen, digits);
    }

    private void run(
            Iterable<String> references, List<String> targets, List<String> chosen, Inputs inputs) {
        for (var reference : references) {
            if (chosen.isEmpty() || chosen.contains(reference)) {
                var ends = new HashMap<String, Batch>();
                for (var way : WAYS) {
                    row(reference, way, targets, inputs, ends);
                }
            }
        }
    }

    private void row(
            String reference,
            String way,
            List<String> targets,
            Inputs inputs,
            Map<String, Batch> ends) {
        var words = way.split(" from ");
        var optimizer = words[0].split(":");
        var settings = InversionSettings.of(Optimizer.parse(optimizer[0]).method());
        if (optimizer.length > 1) {
            settings = settings.withIterations(Integer.parseInt(optimizer[1]));
        }
        var starts =
                words.length > 1
                        ? Optional.of(rows(ends.get(words[1])))
                        : Optional.<Inputs.Rows>empty();
        long begun = System.nanoTime();
        Inversion found;
        try (var network = open(reference);
                var searched =
                        SearchedNetworks.of(
                                network,
                                inputs.shape(),
                                inputs.count(),
                                settings,
                                spec -> {
                                    throw new IllegalStateException("one network is searched");
                                })) {
            found =
                    new Inverter(
                                    settings,
                                    searched,
                                    inputs,
                                    TermCatalogue.ofApplication(),
                                    starts)
                            .invert(ProgressListener.SILENT);
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        var points = found.invariantInputs().read(0, found.count());
        ends.put(way, points);
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.0f + %.1f | %.0f | %.4f / %.4f / %.3f | %.0f %% | %.2f | %d | %s |%n",
                reference,
                way.replace(":", ", "),
                found.meanPasses(),
                found.calibrationPasses() / (double) found.count(),
                seconds,
                found.meanResidual(),
                found.medianResidual(),
                found.maxResidual(),
                100 * found.converged(Optimizer.THOROUGH.method().tolerance()),
                found.meanMoved(),
                found.restarted(),
                scores(reference, targets, inputs.read(0, inputs.count()), points));
    }

    private static Inputs.Rows rows(Batch points) {
        return (index, into, row) ->
                into.slice(row, row + 1).buffer().put(0, points.slice(index, index + 1).toArray());
    }

    /** STIR of every other network, given the reference's invariant inputs. */
    private String scores(String reference, List<String> targets, Batch inputs, Batch points) {
        var scores = new ArrayList<String>();
        for (var name : targets) {
            if (name.equals(reference)) {
                continue;
            }
            try (var target = open(name)) {
                double score =
                        stir.similarity(
                                        represent(target, inputs),
                                        represent(target, points),
                                        List.of(ScoreSettings.DEFAULT_MEASURE))
                                .get(ScoreSettings.DEFAULT_MEASURE)
                                .value()
                                .orElse(Double.NaN);
                scores.add(String.format(Locale.ROOT, "%s %.3f", name, score));
            }
        }
        return String.join(" ", scores);
    }

    private static Matrix represent(Network network, Batch pixels) {
        var options = new HookOptions(pixels.rowShape(), false);
        try (var hook = network.model().hook(network.layer(), options)) {
            var representations = Batch.allocate(pixels.rows(), hook.layer().shape());
            hook.represent(pixels, representations);
            return Matrix.of(representations);
        }
    }

    private Network open(String name) {
        var scripted = folder.resolve(name + ".script.pt");
        var file = Files.exists(scripted) ? scripted : folder.resolve(name + ".pt");
        var spec = NetworkSpec.of(file);
        return stir.open(SMALL.containsKey(name) ? spec.withLayer(SMALL.get(name)) : spec);
    }
}
