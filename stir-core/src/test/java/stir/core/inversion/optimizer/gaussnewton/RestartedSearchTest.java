package stir.core.inversion.optimizer.gaussnewton;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Batch;
import stir.api.HookOptions;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.search.DenseNetwork;
import stir.core.inversion.search.SearchFixture;
import stir.core.inversion.search.SeedSource;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

class RestartedSearchTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final int UNITS = 12;
    private static final InversionSettings THOROUGH =
            InversionSettings.of(Optimizer.THOROUGH.method()).withRngSeed(5);

    private static final double TOLERANCE = THOROUGH.tolerance();

    private static SearchFixture search(InversionSettings settings, int units, int count) {
        return SearchFixture.of(new DenseNetwork(1, SHAPE, units), SHAPE, settings, count);
    }

    @Test
    void findsAllInputs() {
        var published =
                search(InversionSettings.PUBLISHED.withRngSeed(5), UNITS, 30).invert();
        var thorough = search(THOROUGH, UNITS, 30).invert();
        assertTrue(published.converged(TOLERANCE) < 0.5, "the reference finds them, too");
        assertEquals(1, thorough.converged(TOLERANCE), "residual " + thorough.maxResidual());
    }

    /** The inputs themselves are found from the first, and farther from the seeds than need be. */
    @Test
    void shorteningLosesNothingThatWasFoundAndNeverMovesFurther() {
        int count = 30;
        var inputs = new SearchFixture.Noise(count, SHAPE);
        var model = new DenseNetwork(1, SHAPE, UNITS);
        var inversion = SearchFixture.of(model, SHAPE, THOROUGH, count)
                .withStarts(inputs)
                .invert();
        var fromSeeds = SearchFixture.of(model, SHAPE, THOROUGH, count).invert();
        assertEquals(1, inversion.converged(TOLERANCE));
        double distance = 0;
        for (int i = 0; i < count; i++) {
            var input = inputs.read(i, 1).toArray();
            double begun = Math.sqrt(Vectors.squaredDistance(input, seed(THOROUGH, inputs, i)));
            assertTrue(inversion.moved(i) <= begun, "input " + i + " moved further");
            distance += begun / count;
        }
        assertTrue(inversion.meanMoved() < 0.9 * distance, "none was shortened");
        assertEquals(fromSeeds.meanMoved(), inversion.meanMoved(), 0.05 * distance);
    }

    private static float[] seed(InversionSettings settings, Inputs inputs, int input) {
        var seed = Batch.allocate(1, SHAPE);
        new SeedSource(settings.seed(), settings.rngSeed(), inputs).write(input, seed, 0);
        Box.clamp(seed, 0);
        return seed.toArray();
    }

    /**
     * The nearest point of a linear map's invariant ones is {@code s + J^+ (h - J s)}; in the box
     * it is {@code clamp(s + J'l)} for multipliers l, which are found by climbing along what is
     * left.
     */
    @ParameterizedTest
    @CsvSource({"constant:0.5, false", "super-noise, true"})
    void findsTheNearestPointOfALinearNetwork(String seed, boolean atTheBox) {
        int count = 10;
        var settings = THOROUGH.withSeed(Seed.parse(seed)).with(SearchOption.TOLERANCE, "0.000001");
        var inputs = new SearchFixture.Noise(count, SHAPE);
        var model = DenseNetwork.linear(1, SHAPE, UNITS / 2);
        var inversion = SearchFixture.of(model, SHAPE, settings, count).invert();
        int bounds = 0;
        for (int i = 0; i < count; i++) {
            var input = inputs.read(i, 1).toArray();
            var from = seed(settings, inputs, i);
            var nearest = nearest(model, input, from);
            var point = inversion.invariantInputs().read(i, 1).toArray();
            double distance = Math.sqrt(Vectors.squaredDistance(nearest, from));
            assertEquals(distance, inversion.moved(i), 1e-5, "input " + i);
            assertArrayEquals(nearest, point, 4e-3f, "input " + i); // square root of 1e-5
            assertEquals(distance, inversion.movedAtLeast(i).orElseThrow(), 1e-3 * distance, "input " + i);
            for (float pixel : nearest) {
                bounds += pixel == 0 || pixel == 1 ? 1 : 0;
            }
        }
        assertEquals(atTheBox, bounds > 0);
    }

    /** A tolerance that nothing reaches, and one that all do. */
    @Test
    void onlyFoundInputsHaveABound() {
        var lost = search(THOROUGH.with(SearchOption.TOLERANCE, "0").withIterations(300), UNITS, 4)
                .invert();
        var inversion =
                search(THOROUGH.with(SearchOption.TOLERANCE, "0.05"), UNITS, 4).invert();
        for (int i = 0; i < inversion.count(); i++) {
            assertTrue(lost.movedAtLeast(i).isEmpty());
            double least = inversion.movedAtLeast(i).orElseThrow();
            assertTrue(least > 0 && least <= 1.00001 * inversion.moved(i), "input " + i);
        }
        assertTrue(lost.meanNearer().isEmpty());
        assertEquals(0, lost.nearerKnown());
        assertEquals(inversion.count(), inversion.nearerKnown());
        double nearer = inversion.meanNearer().orElseThrow();
        assertTrue(nearer >= 0 && nearer < 0.2, "nearer by " + nearer);
    }

    /** Distances are measured from the seeds, and steps begin inside of the ball. */
    @Test
    void seedsOutsideTheBallHaveNoBound() {
        var inside = search(THOROUGH.with(SearchOption.BALL, "linf:1@input"), UNITS, 4)
                .invert();
        var outside = search(THOROUGH.with(SearchOption.BALL, "linf:0.2@input"), UNITS, 4)
                .invert();
        assertEquals(4, inside.nearerKnown());
        assertTrue(outside.converged(TOLERANCE) > 0, "none was found");
        assertEquals(0, outside.nearerKnown());
    }

    /** Cycles would take all passes; the last ones are left for the bound. */
    @Test
    void inputsThatAreStillComingNearerHaveABound() {
        var inversion =
                search(THOROUGH.withIterations(Schedule.CYCLE), UNITS, 6).invert();
        assertEquals(1, inversion.converged(TOLERANCE));
        assertEquals(6, inversion.nearerKnown());
        assertEquals(Schedule.CYCLE + 1, Math.max(inversion.passes(0), inversion.passes(1)), DistanceBound.PASSES);
    }

    private static float[] nearest(DenseNetwork linear, float[] input, float[] seed) {
        try (var hook = linear.hook("hidden", new HookOptions(SHAPE))) {
            int units = hook.layer().shape().size();
            var multipliers = Batch.allocate(1, Shape.of(units));
            var target = Batch.allocate(1, Shape.of(units));
            var there = Batch.allocate(1, Shape.of(units));
            var point = Batch.allocate(1, SHAPE);
            var step = Batch.allocate(1, SHAPE);
            point.buffer().put(0, input);
            hook.represent(point, target);
            for (int climb = 0; climb < 20_000; climb++) {
                hook.pullback(point, multipliers, step);
                for (int i = 0; i < SHAPE.size(); i++) {
                    point.set(0, i, Box.clamp(seed[i] + step.get(0, i)));
                }
                hook.represent(point, there);
                for (int unit = 0; unit < units; unit++) {
                    float left = target.get(0, unit) - there.get(0, unit);
                    multipliers.set(0, unit, multipliers.get(0, unit) + 0.05f * left);
                }
            }
            return point.toArray();
        }
    }

    @Test
    void theFirstCycleIsOneSchedule() {
        int units = 2 * SHAPE.size(); // too many to be found to the last bit
        var endless = THOROUGH.with(SearchOption.TOLERANCE, "0");
        var cycle = search(endless.withIterations(Schedule.CYCLE), units, 5).invert();
        var two = search(endless.withIterations(2 * Schedule.CYCLE), units, 5).invert();
        for (int i = 0; i < cycle.count(); i++) {
            assertEquals(Schedule.CYCLE + 1, cycle.passes(i));
            assertTrue(two.residual(i) <= cycle.residual(i), "a cycle lost what was found");
        }
    }

    /** Returns a search that cannot find inputs outside of the ball. */
    private static InversionSettings stuck(double radius) {
        return THOROUGH.with(SearchOption.BALL, "linf:" + radius + "@seed");
    }

    @Test
    void stuckInputsBeginAgainAndKeepTheirBest() {
        var few =
                search(stuck(0.05).withIterations(2 * Schedule.CYCLE), UNITS, 6).invert();
        var many = search(stuck(0.05), UNITS, 6).invert();
        assertTrue(many.restarted() > 0, "nothing was stuck");
        for (int i = 0; i < few.count(); i++) {
            assertTrue(many.restarts(i) >= few.restarts(i));
            assertTrue(many.residual(i) <= few.residual(i), "a restart lost what was found");
        }
    }

    @Test
    void atWideLayersInputsThatAreNotFoundGoOnInOneCycle() {
        int wide = Schedule.MOST_WIDTH + 1;
        var few = search(stuck(0.05).withIterations(Schedule.CYCLE), wide, 6).invert();
        var many = search(stuck(0.05), wide, 6).invert();
        var narrow = search(stuck(0.05), UNITS, 6).invert();
        for (int i = 0; i < many.count(); i++) {
            assertTrue(narrow.restarts(i) > 1, "it found input " + i);
            assertTrue(many.restarts(i) <= 1, "shorter cycles");
            assertTrue(many.residual(i) <= few.residual(i), "a cycle lost what was found");
        }
    }

    /** A first cycle and a descent that never leave the seed, and then the long cycle. */
    @Test
    void theLongCyclesRadiusIsTheStepOfItsFirstRow() {
        var wide = DenseNetwork.linear(1, SHAPE, Schedule.MOST_WIDTH + 1);
        try (var passes = new MultiSecantTest.Passes(wide)) {
            var rule = new RestartedSearch(
                    passes.rule(1000),
                    (index, restart, into, row) -> {},
                    (GaussNewton) THOROUGH.method(),
                    Batch.allocate(1, SHAPE));
            var steps = rule.begin(0, passes.far());
            double first = passes.step(rule, steps, 0, passes.far());
            int step = 0;
            int ends = 0; // of the cycle, and of three line searches with renewed multipliers
            while (ends < 4) {
                ends += passes.step(rule, steps, ++step, passes.far()) == 0 ? 1 : 0;
                assertTrue(step < 3 * Schedule.CYCLE, "no end");
            }
            assertTrue(first > 0.5, "the first step " + first);
            passes.step(rule, steps, step + 1, passes.near());
            double next = passes.step(rule, steps, step + 2, passes.far());
            assertTrue(next < 0.05, "in the long cycle " + next);
        }
    }

    @Test
    void resultDoesNotDependOnBatchSizeOrThreads() {
        var settings = stuck(0.6);
        var expected = search(settings, UNITS, 12).withBatchSize(1000).invert();
        for (int[] one : new int[][] {{1, 1}, {7, 2}, {3, 4}}) {
            var inversion = search(settings, UNITS, 12)
                    .withThreads(one[1])
                    .withBatchSize(one[0])
                    .invert();
            assertSame(expected, inversion);
        }
    }

    private static void assertSame(Inversion expected, Inversion inversion) {
        assertArrayEquals(
                expected.invariantInputs().read(0, 12).toArray(),
                inversion.invariantInputs().read(0, 12).toArray());
        for (int i = 0; i < inversion.count(); i++) {
            assertEquals(expected.residual(i), inversion.residual(i));
            assertEquals(expected.passes(i), inversion.passes(i));
            assertEquals(expected.restarts(i), inversion.restarts(i));
            assertEquals(expected.movedAtLeast(i), inversion.movedAtLeast(i));
        }
        assertTrue(inversion.nearerKnown() > 0, "nothing is known of any");
        assertTrue(inversion.restarted() > 0, "nothing was stuck");
        assertTrue(inversion.converged(TOLERANCE) > 0, "no row left the search early");
    }

    @Test
    void restartsStayInTheBall() {
        double radius = 0.05;
        var inversion = search(stuck(radius), UNITS, 6).invert();
        assertTrue(inversion.restarted() > 0, "nothing was stuck");
        var inputs = new SearchFixture.Noise(6, SHAPE);
        for (int input = 0; input < 6; input++) {
            var seed = seed(THOROUGH, inputs, input);
            var point = inversion.invariantInputs().read(input, 1).toArray();
            for (int i = 0; i < seed.length; i++) {
                double distance = Math.abs((double) point[i] - seed[i]);
                assertTrue(distance <= radius, "input " + input + " left the ball at " + i);
            }
        }
    }
}
