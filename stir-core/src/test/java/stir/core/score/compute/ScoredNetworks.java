package stir.core.score.compute;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Matrix;
import stir.api.Model;
import stir.api.Shape;
import stir.core.Stir;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.search.ClassifyingNetwork;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchFixture;
import stir.core.math.statistics.Estimate;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.study.results.Comparison;

/** A score of two small networks in both directions. */
abstract class ScoredNetworks {
    static final Shape SHAPE = Shape.of(1, 4, 4);
    static final int COUNT = 24;
    static final int WIDTH = 6;
    static final SearchFixture.Noise INPUTS = new SearchFixture.Noise(COUNT, SHAPE);

    static final ScoreSettings SETTINGS = ScoreSettings.PUBLISHED
            .withInversion(InversionSettings.PUBLISHED.withIterations(80).withRngSeed(3))
            .withMeasures("linear-cka", "procrustes");

    static final Model A = new ClassifyingNetwork(1, SHAPE, WIDTH);
    static final Model B = new DenseNetwork(2, SHAPE, WIDTH);

    /** What the settings find; most tests look at it from one side or another. */
    static final Comparison COMPARISON = compare(SETTINGS);

    static Comparison compare(ScoreSettings settings) {
        return compare(A, B, settings);
    }

    static Comparison compare(Model a, Model b, ScoreSettings settings) {
        return compare(a, b, settings, NetworkSpec.of(Path.of("dense")).withThreads(1));
    }

    static Comparison compare(Model a, Model b, ScoreSettings settings, NetworkSpec spec) {
        return Stir.load()
                .compare(Network.of("a", "", "test", a, spec), Network.of("b", "", "test", b, spec), INPUTS, settings);
    }

    /** A model's representations of all rows at once. */
    static Matrix represent(Model model, String layer, Batch pixels) {
        try (var hook = model.hook(layer, new HookOptions(SHAPE))) {
            var representations = Batch.allocate(pixels.rows(), hook.layer().shape());
            hook.represent(pixels, representations);
            return Matrix.of(representations);
        }
    }

    static Matrix ofInputs(Model model) {
        return represent(model, "hidden", INPUTS.read(0, COUNT));
    }

    static Matrix ofInvariant(Model model, DirectedScore score) {
        return represent(model, "hidden", score.inversion().invariantInputs().read(0, COUNT));
    }

    static Estimate get(Map<String, Estimate> values, String measure) {
        return Objects.requireNonNull(values.get(measure), measure);
    }
}
