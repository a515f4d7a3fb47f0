package stir.core.inversion.search;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import stir.api.Shape;
import stir.core.inversion.Controversial;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Objective;
import stir.core.inversion.SecondNetwork;
import stir.core.inversion.WeightedTerm;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.SearchedLayer;
import stir.core.network.open.Networks;

/** Small networks to search with an objective. */
public abstract class SearchedObjectives {
    static final Shape SHAPE = Shape.of(1, 5, 4);

    static final InversionSettings SETTINGS =
            InversionSettings.PUBLISHED.withIterations(30).withRngSeed(5);

    static final Path ANY = Path.of("rival");

    static final Map<String, Objective> OBJECTIVES = new TreeMap<>(Map.of(
            "distance", Objective.DISTANCE,
            "tv", with(WeightedTerm.parse("tv?beta=2:0.3")),
            "tv-1.5", with(WeightedTerm.parse("tv?beta=1.5:0.3")),
            "blur", with(WeightedTerm.parse("blur:0.4")),
            "grey-1", with(WeightedTerm.parse("grey?p=1&level=0.41:0.2")),
            "grey-6", with(WeightedTerm.parse("grey?p=6&level=0:0.2")),
            "grey-inf", with(WeightedTerm.parse("grey?p=inf&level=0.3:0.2")),
            "controversial", with(against(0.3)),
            "controversial-auto",
                    with(
                            new Controversial(SecondNetwork.of(ANY), Controversial.Factor.AUTOMATIC),
                            WeightedTerm.parse("blur:0.1")),
            "all",
                    with(
                            against(0.2),
                            WeightedTerm.parse("tv?beta=2:0.1"),
                            WeightedTerm.parse("blur:0.1"),
                            WeightedTerm.parse("grey?p=1&level=0.5:0.05"))));

    static Controversial against(double factor) {
        return new Controversial(SecondNetwork.of(ANY), factor);
    }

    /** Descent of another objective. */
    static InversionSettings descent(Objective objective) {
        return SETTINGS.withMethod(GradientDescent.of(objective)).withIterations(30);
    }

    static Objective with(WeightedTerm... terms) {
        return Objective.of(terms);
    }

    static Objective with(Controversial second, WeightedTerm... terms) {
        return new Objective(List.of(terms), Optional.of(second), List.of());
    }

    static Objective objective(String name) {
        var objective = OBJECTIVES.get(name);
        if (objective == null) {
            throw new IllegalArgumentException(name);
        }
        return objective;
    }

    /** A reference with three layers, searched at some of them, and a rival. */
    record Setting(Network reference, Network rival, SearchedNetworks searched) implements AutoCloseable {
        static Setting of(InversionSettings settings, int layers, int threads) {
            return of(settings, layers, threads, 100);
        }

        static Setting of(InversionSettings settings, int layers, int threads, int batchSize) {
            var all = List.of(new SearchedLayer("0", 2), new SearchedLayer("1", 1), new SearchedLayer("2", 5));
            var spec = NetworkSpec.of(Path.of("layered")).withThreads(threads).withLayers(all.subList(0, layers));
            var model = new LayeredNetwork(
                    new DenseNetwork(1, SHAPE, 6), new DenseNetwork(2, SHAPE, 3), new DenseNetwork(3, SHAPE, 4));
            var reference = Network.of("layered", "", "test", model, spec);
            var rival = Network.of(
                    "rival",
                    "",
                    "test",
                    new DenseNetwork(9, SHAPE, 7),
                    NetworkSpec.of(ANY).withThreads(threads));
            return new Setting(
                    reference,
                    rival,
                    SearchedNetworks.of(
                            reference, new SearchFixture.Noise(100, SHAPE), batchSize, settings, unused -> rival));
        }

        @Override
        public void close() {
            searched.close();
            reference.close();
            rival.close();
        }
    }

    /** Where a search has one network alone. */
    public static final Networks NO_NETWORKS = spec -> {
        throw new AssertionError("no second network is needed: " + spec);
    };
}
