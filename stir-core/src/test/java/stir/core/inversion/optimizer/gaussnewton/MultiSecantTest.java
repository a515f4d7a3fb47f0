package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchFixture;
import stir.core.math.linalg.Vectors;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.pass.Evaluator;
import stir.core.network.pass.HookEvaluator;
import stir.core.network.pass.PixelTransform;

class MultiSecantTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final InversionSettings FAST =
            InversionSettings.of(Optimizer.FAST.method()).withRngSeed(5);

    private static DenseNetwork smooth() {
        return new DenseNetwork(1, SHAPE, 6);
    }

    @Test
    void aReluLeaksInShortSearchesOfPhotosAndIsExtendedInOthers() {
        var photo = Shape.of(3, 224, 224);
        assertEquals(FakeRelu.LEAKY, MultiSecant.fakeRelu(30, photo));
        assertEquals(FakeRelu.LEAKY, MultiSecant.fakeRelu(100, photo));
        assertEquals(FakeRelu.EXTENDED, MultiSecant.fakeRelu(101, photo));
        assertEquals(FakeRelu.OF_LAYER, MultiSecant.fakeRelu(30, Shape.of(1, 28, 28)));
        assertEquals(FakeRelu.OF_LAYER, MultiSecant.fakeRelu(101, Shape.of(224 * 224)));
    }

    @Test
    void solvesTheLinearCase() {
        var reference = InversionSettings.PUBLISHED.withRngSeed(5).withIterations(100);
        var slow = SearchFixture.of(DenseNetwork.linear(1, SHAPE, 6), SHAPE, reference, 20)
                .invert();
        var fast = SearchFixture.of(DenseNetwork.linear(1, SHAPE, 6), SHAPE, FAST, 20)
                .invert();
        assertTrue(fast.maxResidual() < 1e-5, "residual " + fast.maxResidual());
        assertTrue(slow.meanResidual() > 1e-2, "the reference got " + slow.meanResidual());
    }

    /** Fewer pixels than units: only the input itself is left, and it is found. */
    @Test
    void solvesTheOverdeterminedLinearCase() {
        var fast = SearchFixture.of(DenseNetwork.linear(1, SHAPE, 40), SHAPE, FAST.withIterations(200), 8)
                .invert();
        assertTrue(fast.maxResidual() < 1e-3, "residual " + fast.maxResidual());
        var inputs = new SearchFixture.Noise(8, SHAPE).read(0, 8).toArray();
        assertArrayEquals(inputs, fast.invariantInputs().read(0, fast.count()).toArray(), 1e-2f);
    }

    @Test
    void convergesBetterThanTheReferenceInATenthOfItsPasses() {
        var slow = SearchFixture.of(smooth(), SHAPE, InversionSettings.PUBLISHED.withRngSeed(5), 20)
                .invert();
        var fast = SearchFixture.of(smooth(), SHAPE, FAST, 20).invert();
        assertTrue(fast.meanPasses() <= 101, "passes " + fast.meanPasses());
        assertTrue(
                fast.meanResidual() < slow.meanResidual() / 2, fast.meanResidual() + " against " + slow.meanResidual());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 1", "7, 2", "100, 1", "100, 2", "100, 3", "3, 4"})
    void resultDoesNotDependOnBatchSizeOrThreads(int batchSize, int threads) {
        var settings = FAST.withIterations(20).with(SearchOption.TOLERANCE, "1e-3");
        var expected = SearchFixture.of(smooth(), SHAPE, settings, 30)
                .withBatchSize(1000)
                .invert();
        var inversion = SearchFixture.of(smooth(), SHAPE, settings, 30)
                .withThreads(threads)
                .withBatchSize(batchSize)
                .invert();
        assertArrayEquals(
                expected.invariantInputs().read(0, expected.count()).toArray(),
                inversion.invariantInputs().read(0, inversion.count()).toArray());
        for (int i = 0; i < inversion.count(); i++) {
            assertEquals(expected.residual(i), inversion.residual(i));
            assertEquals(expected.passes(i), inversion.passes(i));
        }
        assertTrue(inversion.converged(1e-3) > 0.2, "no row left the search early");
        assertTrue(inversion.converged(1e-3) < 1, "no row stayed to the end");
    }

    @Test
    void theSameRunFindsTheSame() {
        var first = SearchFixture.of(smooth(), SHAPE, FAST, 5).withThreads(2).invert();
        var second = SearchFixture.of(smooth(), SHAPE, FAST, 5).withThreads(2).invert();
        assertArrayEquals(
                first.invariantInputs().read(0, first.count()).toArray(),
                second.invariantInputs().read(0, second.count()).toArray());
    }

    @Test
    void aWideRepresentationIsFoundToo() {
        int width = Schedule.MOST_WIDTH;
        var wide = SearchFixture.of(new DenseNetwork(1, SHAPE, width + 1), SHAPE, FAST.withIterations(30), 4)
                .invert();
        var reference = InversionSettings.PUBLISHED.withRngSeed(5).withIterations(30);
        var slow = SearchFixture.of(new DenseNetwork(1, SHAPE, width + 1), SHAPE, reference, 4)
                .invert();
        assertTrue(
                wide.meanResidual() < slow.meanResidual() / 2, wide.meanResidual() + " against " + slow.meanResidual());
    }

    /** There steps are in a metric of the pixels. */
    @Test
    void anInputOfTheSizeOfPhotosDoesNotDependOnOthers() {
        var photos = Shape.of(1, 64, 64);
        var network = DenseNetwork.linear(1, photos, Schedule.MOST_WIDTH + 1);
        var settings = FAST.withIterations(3);
        var many = SearchFixture.of(network, photos, settings, 2)
                .withThreads(2)
                .withBatchSize(1)
                .invert();
        var few =
                SearchFixture.of(network, photos, settings, 1).withBatchSize(1).invert();
        assertArrayEquals(
                many.invariantInputs().read(0, 1).toArray(),
                few.invariantInputs().read(0, 1).toArray());
        var one = SearchFixture.of(network, photos, settings.withIterations(1), 1)
                .withBatchSize(1)
                .invert();
        assertTrue(few.meanResidual() < one.meanResidual(), few.meanResidual() + " against " + one.meanResidual());
    }

    @Test
    void staysInTheBoxFromAnySeed() {
        for (var seed : List.of("super-noise", "black", "white", "light-noise")) {
            var inversion = SearchFixture.of(smooth(), SHAPE, FAST.withSeed(Seed.parse(seed)), 6)
                    .invert();
            for (float pixel :
                    inversion.invariantInputs().read(0, inversion.count()).toArray()) {
                assertTrue(pixel >= 0 && pixel <= 1, seed + ": " + pixel);
            }
            assertTrue(inversion.meanResidual() < 0.2, seed + ": " + inversion.meanResidual());
        }
    }

    @Test
    void refusesAFirstGradientThatIsNotFinite() {
        float[] gradient = {1, Float.NaN};
        var steps = new MultiSecant(10, 1, Shape.of(2), false, false).begin(7, new float[2]);
        var refusal = assertThrows(DataException.class, () -> steps.step(0, 1, new float[2], gradient));
        assertTrue(
                refusal.getMessage()
                        .startsWith("The reference's gradient is NaN or infinite at the start of the"
                                + " search for input 7 (counting from 0): "),
                refusal.getMessage());
    }

    /** A step after it is short, also from afar. */
    @Test
    void afterItIsClearedTheRadiusIsTheStepOfTheNextRow() {
        try (var passes = new Passes(DenseNetwork.linear(1, SHAPE, Schedule.MOST_WIDTH + 1))) {
            var lengths = new double[2];
            for (int asked = 0; asked < 2; asked++) {
                var rule = passes.rule(100);
                var steps = rule.begin(0, passes.far());
                passes.step(rule, steps, 0, passes.far());
                if (asked == 1) {
                    steps.clear();
                }
                passes.step(rule, steps, 0, passes.near());
                lengths[asked] = passes.step(rule, steps, 0, passes.far());
            }
            assertTrue(lengths[0] > 0.5, "without " + lengths[0]);
            assertTrue(lengths[1] < 0.05, "cleared " + lengths[1]);
        }
    }

    /** At nine tenths of the iterations the radius is {@code 0.25^(q s) (1 - s)} of the first. */
    @ParameterizedTest
    @ValueSource(ints = {6, 512, 513})
    void radiiOfFewIterationsFallLess(int units) {
        try (var passes = new Passes(DenseNetwork.linear(1, SHAPE, units))) {
            var lengths = new double[2];
            for (int few = 0; few < 2; few++) {
                int iterations = few == 1 ? 30 : 100;
                var rule = passes.rule(iterations);
                var steps = rule.begin(0, passes.far());
                lengths[few] = passes.step(rule, steps, iterations * 9 / 10, passes.far());
            }
            assertEquals(Math.pow(0.25, 0.9 * (0.3 - 1)), lengths[1] / lengths[0], 1e-3);
        }
    }

    /** At the input itself a step follows the attraction to the seed alone. */
    @ParameterizedTest
    @CsvSource({"6, 30, 0.03", "513, 30, 0.03", "6, 100, 0.1", "6, 1000, 0.1"})
    void fewIterationsAttractLess(int units, int iterations, double attraction) {
        try (var passes = new Passes(DenseNetwork.linear(1, SHAPE, units))) {
            var rule = passes.rule(iterations);
            double distance = Math.sqrt(Vectors.squaredDistance(passes.far(), passes.input()));
            double step = passes.step(rule, rule.begin(0, passes.far()), 0, passes.input());
            assertEquals(attraction * distance, step, 1e-3 * distance);
        }
    }

    /** A curved map, whose last change the rows predicted wrongly. */
    @ParameterizedTest
    @ValueSource(ints = {512, 513})
    void stepsOfFewIterationsAreDampedMore(int units) {
        try (var passes = new Passes(new DenseNetwork(1, SHAPE, units))) {
            var lengths = new double[2];
            for (int few = 0; few < 2; few++) {
                var rule = passes.rule(few == 1 ? 30 : 100);
                var steps = rule.begin(0, passes.far());
                passes.step(rule, steps, 0, passes.far());
                lengths[few] = passes.step(rule, steps, 0, passes.near());
            }
            assertTrue(lengths[0] != lengths[1] && lengths[0] > 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"513, 64, 100, 20", "513, 64, 400, 40", "513, 64, 2000, 80", "513, 63, 400, 40", "512, 64, 400, 40"})
    void longSearchesOfPhotosRememberMore(int units, int side, int iterations, int rows) {
        var shape = Shape.of(1, side, side);
        assertEquals(rows, Schedule.of(iterations, units, shape).rows());
        assertTrue(MultiSecant.valuesPerInput(iterations, units, shape) > (long) rows * (units + side * side));
    }

    /** At the input itself, in the metric. */
    @ParameterizedTest
    @CsvSource({"30, 0.085", "60, 0.085", "400, 0.0425", "2500, 0.017"})
    void longSearchesOfPhotosAttractLess(int iterations, double attraction) {
        var photo = Shape.of(1, 64, 64);
        try (var passes = new Passes(DenseNetwork.linear(1, photo, 513), photo)) {
            var rule = passes.rule(iterations);
            double distance = Math.sqrt(Vectors.squaredDistance(passes.far(), passes.input()));
            double step = passes.step(rule, rule.begin(0, passes.far()), 0, passes.input());
            assertEquals(attraction * distance, step, 1e-5 * distance);
        }
    }

    /** Steps of one input, from given points. */
    static final class Passes implements AutoCloseable {
        private final Shape shape;
        private final float[] input;
        private final LayerHook hook;
        private final Evaluator evaluator;
        private final Batch targets;

        Passes(DenseNetwork model) {
            this(model, SHAPE);
        }

        Passes(DenseNetwork model, Shape shape) {
            this.shape = shape;
            input = new SearchFixture.Noise(1, shape).read(0, 1).toArray();
            var network = Network.of("dense", "", "test", model, NetworkSpec.of(Path.of("dense")));
            hook = model.hook("hidden", new HookOptions(shape));
            evaluator = new HookEvaluator(
                    hook, network, PixelTransform.between(shape, network.input(), network.preprocessing()), 1, false);
            targets = Batch.allocate(1, hook.layer().shape());
            evaluator.represent(Batch.of(shape, input()), new int[1], targets);
        }

        MultiSecant rule(int iterations) {
            return new MultiSecant(iterations, targets.rowSize(), shape, false, false);
        }

        float[] input() {
            return input.clone();
        }

        /** Returns a point from which steps are long. */
        float[] far() {
            return new float[shape.size()];
        }

        /** Returns a point from which a step is short. */
        float[] near() {
            var near = input();
            near[0] += 0.01f;
            return near;
        }

        /** Makes a step from a point, and returns its length. */
        <S extends UpdateState> double step(UpdateRule<S> rule, S steps, int step, float[] from) {
            var point = from.clone();
            var gradients = Batch.allocate(1, shape);
            var distances = new double[1];
            var points = Batch.of(shape, point);
            rule.differentiate(
                    new Pass(evaluator, points, new int[1], targets, Norm.L2, distances, gradients), List.of(steps));
            double norm = Math.sqrt(Vectors.dot(targets.toArray(), targets.toArray()));
            steps.step(step, distances[0] / norm, point, gradients.toArray());
            return Math.sqrt(Vectors.squaredDistance(point, from));
        }

        @Override
        public void close() {
            hook.close();
        }
    }

    @Test
    void refusesOtherNorms() {
        var refusal = assertThrows(UsageException.class, () -> FAST.with(SearchOption.NORM, "inf"));
        assertTrue(refusal.getMessage().contains("optimizer published"), refusal.getMessage());
    }
}
