import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.support.Words;
import stir.core.Stir;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Seed;
import stir.core.inversion.search.Inverter;
import stir.core.inversion.search.SearchedNetworks;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Normalisation;
import stir.core.network.Preprocessing;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.ScoreSettings;

/**
 * What each optimiser reaches on each network: passes, time, residuals, how many inputs are found and
 * how far they moved, and STIR of other networks of the same inputs. {@code thorough} begins at its
 * seeds, and where {@code fast} and {@code published} ended: three ways to one value.
 *
 * <p>Arguments: the folder of Stir's image, the inputs' number, the folder that {@code
 * small_networks.py} filled, with what {@code photos.py} made in its folder {@code photos} if that
 * is there, and then names of references (default: all). One thread each. The system property
 * {@code seed} is the searches' seed (default: super-noise), and {@code layer} the layer that is
 * inverted (default: the last hidden one).
 */
final class Optimisers {
    private static final List<String> DEMO = List.of("vgg0", "resnet0", "vgg1", "resnet1", "adv0", "vit0");

    /** The layer of each small network that is inverted. */
    private static final Map<String, String> SMALL = small();

    /** The small networks that STIR is of. */
    private static final List<String> SMALL_TARGETS = List.of("mlp_tanh", "mlp_gelu", "cnn_bn");

    private static final List<String> WAYS =
            List.of(
                    "fast:30",
                    "fast",
                    "published",
                    "thorough",
                    "thorough from fast",
                    "thorough from published");

    /** The networks of {@code photos.py}, what they are inverted for, and how many of that. */
    private enum Photos {
        LITE0_224("photos_224", 16, "fast:30 fast:60 fast fast:200 thorough", Set.of()),
        LITE1_224("photos_224", 16, "fast:60 fast", Set.of()),
        LITE0_128("crops_128", 100, "fast:60 fast", Set.of("lite1_128")),
        RESNET18_32("crops_32", 20, "fast:30 fast:60 fast fast:200 thorough", Set.of()),
        VIT_224("photos_224", 8, "fast:30 fast:60 fast fast:200 thorough", Set.of());

        private final String inputs;
        private final int count;
        private final List<String> ways;
        private final Set<String> targets;

        Photos(String inputs, int count, String ways, Set<String> targets) {
            this.inputs = inputs;
            this.count = count;
            this.ways = List.of(ways.split(" "));
            this.targets = targets;
        }

        String network() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final Preprocessing HALF =
            Preprocessing.of(Optional.of(Normalisation.HALF), List.of(), List.of(), Optional.empty());

    private static final Path FIXTURES =
            Path.of("backend-djl/src/test/resources/stir/backend/djl");

    private final Stir stir;
    private final Path folder;
    private final Preprocessing preprocessing;

    private Optimisers(Stir stir, Path folder, Preprocessing preprocessing) {
        this.stir = stir;
        this.folder = folder;
        this.preprocessing = preprocessing;
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
        var stir = Stir.load(home);
        int count = Integer.parseInt(args[1]);
        var folder = Path.of(args[2]);
        var chosen = List.of(args).subList(3, args.length);
        System.out.println(
                "network,search,passes,seconds,residual_mean,residual_median,residual_max,converged,moved,restarted,stir");
        var inputs = Inputs.open(folder.resolve("inputs.npy")).limit(count);
        var small = new Optimisers(stir, folder, Preprocessing.NONE);
        for (var network : SMALL.keySet()) {
            small.run(network, WAYS, SMALL_TARGETS, chosen, inputs);
        }
        var demo = home.resolve("demo");
        var digits = Inputs.open(demo.resolve("mnist500-images-idx3-ubyte")).limit(count);
        for (var network : DEMO) {
            new Optimisers(stir, demo, Preprocessing.NONE).run(network, WAYS, DEMO.subList(0, 4), chosen, digits);
        }
        var photos = folder.resolve("photos");
        for (var network : Files.isDirectory(photos) ? Photos.values() : new Photos[0]) {
            var crops = Inputs.open(photos.resolve(network.inputs + ".npy")).limit(network.count);
            new Optimisers(stir, photos, HALF).run(network.network(), network.ways, network.targets, chosen, crops);
        }
    }

    private void run(
            String reference,
            List<String> ways,
            Collection<String> targets,
            List<String> chosen,
            Inputs inputs) {
        if (!chosen.isEmpty() && !chosen.contains(reference)) {
            return;
        }
        var ends = new HashMap<String, Batch>();
        for (var way : ways) {
            row(reference, way, targets, inputs, ends);
        }
    }

    private void row(
            String reference,
            String way,
            Collection<String> targets,
            Inputs inputs,
            Map<String, Batch> ends) {
        var words = way.split(" from ");
        var optimizer = words[0].split(":");
        var settings = InversionSettings.of(Words.parse(Optimizer.class, "optimizer", optimizer[0]).method());
        settings = settings.withSeed(Seed.parse(System.getProperty("seed", "super-noise")));
        if (optimizer.length > 1) {
            settings = settings.withIterations(Integer.parseInt(optimizer[1]));
        }
        var starts =
                words.length > 1
                        ? Optional.of(rows(ends.get(words[1])))
                        : Optional.<Rows>empty();
        long begun = System.nanoTime();
        Inversion found;
        var layer = Optional.ofNullable(System.getProperty("layer", SMALL.get(reference)));
        try (var network = open(reference, layer);
                var searched =
                        SearchedNetworks.of(
                                network,
                                inputs,
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
                "%s,%s,%.0f,%.0f,%.4f,%.4f,%.3f,%.2f,%.2f,%d,%s%n",
                reference,
                way.replace(":", " "),
                found.meanPasses(),
                seconds,
                found.meanResidual(),
                found.medianResidual(),
                found.maxResidual(),
                found.converged(Optimizer.THOROUGH.method().tolerance()),
                found.meanMoved(),
                found.restarted(),
                scores(reference, targets, inputs.read(0, inputs.count()), points));
    }

    private static Rows rows(Batch points) {
        return (index, into, row) ->
                into.slice(row, row + 1).buffer().put(0, points.slice(index, index + 1).toArray());
    }

    /** STIR of every other network, given the reference's invariant inputs. */
    private String scores(String reference, Collection<String> targets, Batch inputs, Batch points) {
        var scores = new ArrayList<String>();
        for (var name : targets) {
            if (name.equals(reference)) {
                continue;
            }
            try (var target = open(name, Optional.ofNullable(SMALL.get(name)))) {
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
        return scores.isEmpty() ? "-" : String.join(" ", scores);
    }

    private static Matrix represent(Network network, Batch pixels) {
        int rows = pixels.rows();
        try (var cut =
                CutNetwork.withoutGradients(network, network.layer(), Inputs.of(pixels), rows)) {
            var representations = Batch.allocate(rows, cut.representationShape());
            cut.represent(rows(pixels), 0, representations);
            return Matrix.of(representations);
        }
    }

    private Network open(String name, Optional<String> layer) {
        var file =
                Stream.of(
                                folder.resolve(name + ".script.pt"),
                                folder.resolve(name + ".pt"),
                                FIXTURES.resolve(name + ".script.pt"))
                        .filter(Files::exists)
                        .findFirst()
                        .orElseThrow();
        var spec = NetworkSpec.of(file).withThreads(1).withPreprocessing(preprocessing);
        return stir.open(layer.map(spec::withLayer).orElse(spec));
    }
}
