package stir.core.inversion.search;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.network.FurtherReference;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.network.Preprocessing;
import stir.core.network.SearchedLayer;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;

/** Searches that match two networks. */
class SeveralReferencesTest {
    private static final Shape SHAPE = Shape.of(1, 4, 4);
    private static final InversionSettings FAST =
            InversionSettings.of(Optimizer.FAST.method()).withRngSeed(5).withIterations(20);

    /** The second network receives other values than the first. */
    private static final Preprocessing OWN = new Preprocessing(List.of(0.5), List.of(0.25), Optional.empty());

    private static NetworkSpec spec(List<Double> weights, int threads) {
        var second = NetworkSpec.of(Path.of("second")).withPreprocessing(OWN);
        return NetworkSpec.of(Path.of("first"))
                .withThreads(threads)
                .withReferences(FurtherReference.of(List.of(second.withThreads(threads)), weights));
    }

    private static Network open(String name, DenseNetwork model, NetworkSpec spec) {
        return Network.of(name, "", "test", model, spec);
    }

    private static Inversion invert(
            InversionSettings settings,
            List<Double> weights,
            Inputs inputs,
            DenseNetwork one,
            DenseNetwork other,
            int threads,
            int batchSize) {
        var spec = spec(weights, threads);
        try (var first = open("first", one, spec);
                var second = open("second", other, spec.references().get(0).spec());
                var searched = SearchedNetworks.of(first, inputs, batchSize, settings, unused -> second)) {
            return new Inverter(settings, searched, inputs).invert(ProgressListener.SILENT);
        }
    }

    private static Inversion invert(InversionSettings settings, List<Double> weights, int count) {
        return invert(settings, weights, count, 1, 100);
    }

    private static Inversion invert(
            InversionSettings settings, List<Double> weights, int count, int threads, int batch) {
        var inputs = new SearchFixture.Noise(count, SHAPE);
        var one = new DenseNetwork(1, SHAPE, 6);
        return invert(settings, weights, inputs, one, new DenseNetwork(2, SHAPE, 4), threads, batch);
    }

    private static double[][] rows(int seed, int units) {
        var weights =
                new Random(seed).doubles((long) units * SHAPE.size(), -1, 1).toArray();
        var rows = new double[units][SHAPE.size()];
        for (int i = 0; i < weights.length; i++) {
            rows[i / SHAPE.size()][i % SHAPE.size()] = weights[i];
        }
        return rows;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** Adds the part of {@code of} along {@code along}, {@code times} times. */
    private static void add(double[] to, double[] along, double[] of, int times) {
        double part = times * product(along, of) / product(along, along);
        for (int i = 0; i < to.length; i++) {
            to[i] += part * along[i];
        }
    }

    /** The seed plus the part of its difference from the input that the rows span. */
    private static double[] projection(List<double[]> rows, double[] input, double[] seed) {
        var difference = new double[seed.length];
        for (int i = 0; i < seed.length; i++) {
            difference[i] = input[i] - seed[i];
        }
        var nearest = seed.clone();
        var basis = new ArrayList<double[]>();
        for (var row : rows) {
            var left = row.clone();
            basis.forEach(known -> add(left, known, row, -1));
            add(nearest, left, difference, 1);
            basis.add(left);
        }
        return nearest;
    }

    /**
     * Inputs that two linear maps take for the same differ by the intersection of their null
     * spaces; the nearest one is the projection of the seed, whatever the maps' scales and weights
     * are.
     */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 0.2"})
    void theNearestInputOfTwoLinearNetworksIsTheProjectionOntoBothNullSpaces(double weight, double other) {
        var settings = InversionSettings.of(Optimizer.THOROUGH.method())
                .withSeed(Seed.parse("constant:0.5"))
                .with(SearchOption.TOLERANCE, "0.000001");
        var inputs = new SearchFixture.Noise(6, SHAPE);
        var inversion = invert(
                settings,
                List.of(weight, other),
                inputs,
                DenseNetwork.linear(1, SHAPE, 3),
                DenseNetwork.linear(2, SHAPE, 2),
                1,
                100);
        var both = new ArrayList<>(List.of(rows(1, 3)));
        both.addAll(List.of(rows(2, 2)));
        var seed = new double[SHAPE.size()];
        Arrays.fill(seed, 0.5);
        for (int i = 0; i < inputs.count(); i++) {
            var input = doubles(inputs.read(i, 1));
            var nearest = projection(both, input, seed);
            var ofFirst = projection(List.of(rows(1, 3)), input, seed);
            assertArrayEquals(nearest, doubles(inversion.invariantInputs().read(i, 1)), 4e-3);
            assertEquals(distance(nearest, seed), inversion.moved(i), 1e-5);
            assertTrue(distance(nearest, ofFirst) > 0.05, "the second network changes nothing");
        }
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static double[] doubles(Batch row) {
        var values = new double[row.rowSize()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(0, i);
        }
        return values;
    }

    /** Returns each input's relative distance at one network. */
    private static double[] residuals(Network network, Norm norm, Inputs inputs, Inversion inversion) {
        try (var cut = CutNetwork.withoutGradients(network, "hidden", inputs, inputs.count())) {
            var before = Batch.allocate(inputs.count(), cut.representationShape());
            var after = Batch.allocate(inputs.count(), cut.representationShape());
            cut.represent(inputs, 0, before);
            cut.represent(inversion.invariantInputs(), 0, after);
            var distances = new double[inputs.count()];
            var norms = new double[inputs.count()];
            norm.distances(after, before, distances);
            norm.norms(before, norms);
            for (int i = 0; i < distances.length; i++) {
                distances[i] /= norms[i];
            }
            return distances;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "3", "inf"})
    void theResidualIsTheWeightedMeanOfTheReferencesOwn(String order) {
        var norm = Norm.parse(order);
        double p = norm.p();
        var settings = InversionSettings.PUBLISHED.withIterations(30).with(SearchOption.NORM, order);
        var inputs = new SearchFixture.Noise(5, SHAPE);
        var inversion = invert(settings, List.of(2.0, 6.0), 5);
        var spec = spec(List.of(), 1);
        try (var first = open("first", new DenseNetwork(1, SHAPE, 6), spec);
                var second = open(
                        "second",
                        new DenseNetwork(2, SHAPE, 4),
                        spec.references().get(0).spec())) {
            double[] one = residuals(first, norm, inputs, inversion);
            double[] other = residuals(second, norm, inputs, inversion);
            for (int i = 0; i < 5; i++) {
                double expected = Double.isInfinite(p)
                        ? Math.max(one[i], 3 * other[i]) / 3
                        : Math.pow((Math.pow(one[i], p) + Math.pow(3 * other[i], p)) / (1 + Math.pow(3, p)), 1 / p);
                assertEquals(expected, inversion.residual(i), 1e-5, "input " + i);
                assertTrue(Math.abs(one[i] - other[i]) > 1e-3, "both are the same");
            }
        }
    }

    /** More inputs than are compared at a time. */
    @Test
    void eachReferenceHasTheMeanResidualThatItHasAlone() {
        var inputs = new SearchFixture.Noise(70, SHAPE);
        var inversion = invert(FAST, List.of(2.0, 6.0), 70);
        var spec = spec(List.of(), 1);
        var other = spec.references().get(0).spec();
        try (var first = open("first", new DenseNetwork(1, SHAPE, 6), spec);
                var second = open("second", new DenseNetwork(2, SHAPE, 4), other)) {
            var residuals = ReferenceResiduals.of(
                    first,
                    inputs,
                    inversion.invariantInputs(),
                    Norm.L2,
                    asked -> open("second", new DenseNetwork(2, SHAPE, 4), asked));
            assertEquals(2, residuals.size());
            assertEquals(mean(first, inputs, inversion), residuals.get(0), 1e-9);
            assertEquals(mean(second, inputs, inversion), residuals.get(1), 1e-9);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "7, 2", "100, 3"})
    void theResultDependsNeitherOnTheBatchNorOnThreads(int batchSize, int threads) {
        var expected = invert(FAST, List.of(), 60, 1, 1000);
        var inversion = invert(FAST, List.of(), 60, threads, batchSize);
        assertArrayEquals(
                expected.invariantInputs().read(0, 60).toArray(),
                inversion.invariantInputs().read(0, 60).toArray());
        var fewer = invert(FAST, List.of(), 9, 1, 100);
        assertArrayEquals(
                fewer.invariantInputs().read(0, 9).toArray(),
                inversion.invariantInputs().read(0, 9).toArray());
    }

    @Test
    void weightsMoveTheResultTowardsTheHeavierReference() {
        var spec = spec(List.of(), 1);
        var inputs = new SearchFixture.Noise(8, SHAPE);
        var settings = InversionSettings.PUBLISHED.withIterations(40);
        try (var second = open(
                "second",
                new DenseNetwork(2, SHAPE, 4),
                spec.references().get(0).spec())) {
            double light = mean(second, inputs, invert(settings, List.of(10.0, 1.0), 8));
            double heavy = mean(second, inputs, invert(settings, List.of(1.0, 10.0), 8));
            assertTrue(heavy < light / 2, heavy + " and " + light);
        }
    }

    private static double mean(Network network, Inputs inputs, Inversion inversion) {
        double sum = 0;
        for (double residual : residuals(network, Norm.L2, inputs, inversion)) {
            sum += residual;
        }
        return sum / inputs.count();
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        var spec = spec(List.of(1.0, 2.0), 1);
        var inputs = new SearchFixture.Noise(2, SHAPE);
        try (var first = open("first", new DenseNetwork(1, SHAPE, 6), spec);
                var second = open(
                        "second",
                        new DenseNetwork(2, SHAPE, 4),
                        spec.references().get(0).spec());
                var searched = SearchedNetworks.of(first, inputs, 1, FAST, unused -> second)) {
            var evaluator = searched.reference().evaluators().get(0);
            int rows = evaluator.passRows();
            var points = Batch.allocate(rows, SHAPE);
            var noise = new SearchFixture.Noise(20, SHAPE);
            for (int row = 0; row < rows; row++) {
                noise.read(17, points, row);
            }
            var targets = Batch.allocate(rows, evaluator.representation());
            var gradients = Batch.allocate(rows, SHAPE);
            var ignored = Batch.allocate(rows, SHAPE);
            var distances = new double[rows];
            evaluator.distance(points, new int[rows], targets, Norm.L2, distances, gradients);
            double step = 1e-3;
            for (int pixel = 0; pixel < SHAPE.size(); pixel++) {
                float value = points.get(0, pixel);
                points.set(0, pixel, (float) (value + step));
                points.set(1, pixel, (float) (value - step));
                evaluator.distance(points, new int[rows], targets, Norm.L2, distances, ignored);
                points.set(0, pixel, value);
                points.set(1, pixel, value);
                double expected = (distances[0] - distances[1]) / (2 * step);
                assertEquals(expected, gradients.get(0, pixel), 1e-3, "pixel " + pixel);
            }
        }
    }

    @Test
    void anInputThatOneReferenceRepresentsAsZeroIsRefused() {
        var inputs = new SearchFixture.Noise(3, SHAPE);
        var black = Inputs.of("one is black", 3, SHAPE, (index, into, row) -> {
            inputs.read(index, into, row);
            for (int i = 0; index == 1 && i < SHAPE.size(); i++) {
                into.set(row, i, 0);
            }
        });
        var refusal = assertThrows(
                DataException.class,
                () -> invert(
                        FAST, List.of(), black, new DenseNetwork(1, SHAPE, 6), new DenseNetwork(2, SHAPE, 4), 1, 100));
        assertTrue(
                refusal.getMessage().contains("representation of input 1 (counting from 0) is zero"),
                refusal.getMessage());
    }

    @Test
    void settingsThatCannotMatchSeveralReferencesAreRefused() {
        var one = NetworkSpec.of(Path.of("one"));
        for (var weights : List.of(List.of(1.0), List.of(0.0, 1.0), List.of(1.0, -1.0), List.of(-1.0, -1.0))) {
            assertThrows(UsageException.class, () -> FurtherReference.of(List.of(one), weights));
        }
        var layers = List.of(new SearchedLayer("x", 1), new SearchedLayer("y", 1));
        var further = FurtherReference.of(List.of(one), List.of());
        assertThrows(UsageException.class, () -> one.withLayers(layers).withReferences(further));
        assertThrows(UsageException.class, () -> new FurtherReference(one.withLayers(layers), 1));
        var nearest = Optimizer.CANDIDATES.method();
        var refusal =
                assertThrows(UsageException.class, () -> SearchedNetworks.check(one.withReferences(further), nearest));
        assertTrue(refusal.getMessage().startsWith("The optimiser candidates supports only one reference"));
        SearchedNetworks.check(one, nearest);
    }

    @Test
    void aReferenceThatCannotTakeTheInputsIsRefused() {
        var spec = spec(List.of(), 1);
        var inputs = new SearchFixture.Noise(3, SHAPE);
        try (var first = open("first", new DenseNetwork(1, SHAPE, 6), spec);
                var second = open("second", new DenseNetwork(2, Shape.of(25), 4), spec)) {
            assertThrows(DataException.class, () -> SearchedNetworks.of(first, inputs, 1, FAST, unused -> second));
        }
    }
}
