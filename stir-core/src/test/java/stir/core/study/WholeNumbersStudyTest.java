package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.InputSpec;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Layout;
import stir.api.Matrix;
import stir.api.Model;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.io.arrays.NpyWriter;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.study.results.Comparison;

/** Networks that take token ids, and sentences with their paraphrases. */
class WholeNumbersStudyTest {
    private static final int COUNT = 30;
    private static final int WORDS = 1000; // no power of two
    private static final Shape SENTENCE = Shape.of(7);
    private static final Layer SUM = new Layer("sum", "Sum", Shape.of(5));
    private static final String MEASURE = "linear-cka-debiased";

    @TempDir
    Path folder;

    private final Batch sentences = Batch.allocate(COUNT, SENTENCE);
    private final Batch paraphrases = Batch.allocate(COUNT, SENTENCE);

    /** The sum of random vectors of words, of which pairs of words are synonyms. */
    private record Words(long seed, int synonyms) implements Model {
        @Override
        public InputSpec input() {
            return new InputSpec("ids", SENTENCE, Layout.FLAT, OptionalInt.empty());
        }

        @Override
        public boolean takesWholeNumbers() {
            return true;
        }

        @Override
        public List<Layer> layers(Shape input) {
            return List.of(SUM);
        }

        @Override
        public Optional<String> defaultLayer() {
            return Optional.of(SUM.name());
        }

        @Override
        public LayerHook hook(String layer, HookOptions options) {
            assertTrue(!options.gradients(), "there are no gradients");
            return new Sums(this);
        }

        private float[] sum(Batch batch, int row) {
            var sum = new float[SUM.shape().size()];
            for (int i = 0; i < SENTENCE.size(); i++) {
                long word = Math.round((double) batch.get(row, i));
                assertTrue(word >= 0 && word < WORDS, "unknown word " + word);
                var random = new Random(seed * WORDS + word / synonyms * 31 + i);
                random.nextFloat(); // neighbouring seeds have similar first numbers
                for (int unit = 0; unit < sum.length; unit++) {
                    sum[unit] += (float) random.nextGaussian();
                }
            }
            return sum;
        }

        Matrix of(Batch batch) {
            var values = new double[batch.rows() * SUM.shape().size()];
            for (int row = 0; row < batch.rows(); row++) {
                var sum = sum(batch, row);
                for (int i = 0; i < sum.length; i++) {
                    values[row * sum.length + i] = sum[i];
                }
            }
            return Matrix.of(batch.rows(), SUM.shape().size(), values);
        }

        @Override
        public void close() {}
    }

    private record Sums(Words words) implements LayerHook {
        @Override
        public Layer layer() {
            return SUM;
        }

        @Override
        public Shape inputShape() {
            return SENTENCE;
        }

        @Override
        public boolean fakeRelu() {
            return false;
        }

        @Override
        public void represent(Batch inputs, Batch representations) {
            for (int row = 0; row < inputs.rows(); row++) {
                var sum = words.sum(inputs, row);
                for (int i = 0; i < sum.length; i++) {
                    representations.set(row, i, sum[i]);
                }
            }
        }

        @Override
        public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
            throw new IllegalStateException("there are no gradients");
        }

        @Override
        public void close() {}
    }

    /** Writes paraphrases that replace all words by synonyms of the first network. */
    @BeforeEach
    void sentences() {
        var random = new Random(3);
        for (int i = 0; i < COUNT * SENTENCE.size(); i++) {
            int word = random.nextInt(WORDS / 2) * 2;
            sentences.buffer().put(i, word);
            paraphrases.buffer().put(i, word + 1);
        }
        NpyWriter.write(folder.resolve("paraphrases.npy"), paraphrases);
    }

    private InversionSettings pairs() {
        var file = Optional.of(folder.resolve("paraphrases.npy"));
        return InversionSettings.of(new NearestNeighbour(Norm.L2, file, true)).withSeed(Seed.Kind.OTHER_INPUT);
    }

    private Comparison compare(InversionSettings search) {
        var spec = NetworkSpec.of(Path.of("words")).withThreads(2);
        try (var a = Network.of("a", "", "test", new Words(1, 2), spec);
                var b = Network.of("b", "", "test", new Words(2, 1), spec)) {
            var inputs = Inputs.of(sentences, ValueRange.of(0, WORDS));
            var settings = ScoreSettings.DEFAULT.withMeasures(MEASURE).withInversion(search);
            return Stir.load().compare(CompareRequest.of(a, b, inputs).withSettings(settings));
        }
    }

    @Test
    void pairsOfTokenIdsAreScoredByTheRepresentationsOfTheExactIds() {
        var comparison = compare(pairs());
        assertEquals(0, comparison.bGivenA().inversion().meanResidual(), "synonyms of a");
        var b = new Words(2, 1);
        var expected = Stir.load().similarity(b.of(sentences), b.of(paraphrases), List.of(MEASURE));
        assertEquals(
                expected.values().iterator().next().value().orElseThrow(),
                comparison.bGivenA().stir().value().orElseThrow(),
                1e-6);
        assertTrue(comparison.bGivenA().stir().value().orElseThrow() < 0.5, "b has no synonyms");
        assertEquals(1, comparison.aGivenB().stir().value().orElseThrow(), 1e-6, "a has");
        assertTrue(comparison.aGivenB().inversion().meanResidual() > 1, "b has no synonyms");
        assertTrue(comparison.bGivenA().deciding().of(Quantity.SEED_FLOOR).isDefined());
    }

    @ParameterizedTest
    @EnumSource(Optimizer.class)
    void searchesThatMoveTokenIdsAreRefused(Optimizer optimizer) {
        var search = InversionSettings.of(optimizer.method()).withSeed(Seed.Kind.OTHER_INPUT);
        if (optimizer == Optimizer.CANDIDATES) {
            assertTrue(compare(search).bGivenA().stir().isDefined());
            return;
        }
        var refusal = assertThrows(UsageException.class, () -> compare(search));
        assertEquals(
                "a requires integers as 'ids', which a search cannot change: use pairs of inputs, or the optimiser candidates.",
                refusal.getMessage().lines().findFirst().orElseThrow());
    }

    @Test
    void estimatedGradientsDoNotHelp() {
        var search = InversionSettings.of(Optimizer.PUBLISHED.method()).with(SearchOption.ESTIMATE_GRADIENTS, "100");
        var refusal = assertThrows(UsageException.class, () -> compare(search));
        assertTrue(refusal.getMessage().contains("a search cannot change"), refusal.getMessage());
    }

    @Test
    void seedsOtherThanTokenIdsAreRefused() {
        var refusal = assertThrows(UsageException.class, () -> compare(pairs().withSeed(Seed.Kind.SUPER_NOISE)));
        assertEquals(
                "a requires integers as 'ids', which the seed super-noise does not provide: use the seed other-input.",
                refusal.getMessage().lines().findFirst().orElseThrow());
    }
}
