package stir.core.score.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.Layout;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.InputFacts;
import stir.core.inputs.Inputs;
import stir.core.inputs.Lengths;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.search.SearchFixture;
import stir.core.math.statistics.Quantiles;
import stir.core.representation.RepresentationReduction;
import stir.core.score.Acceptance.DifferentInputs;

class DifferentInputsReaderTest {
    private static final Shape PIXELS = Shape.of(1, 3, 3);
    private static final int WIDTH = 17;
    private static final RowMemory ROOM = new RowMemory(1_000_000_000);

    /** Inputs without labels. */
    private static Inputs unlabelled(int count) {
        return Inputs.of(new SearchFixture.Noise(count, PIXELS).read(0, count));
    }

    private static Batch rows(int count) {
        var rows = Batch.allocate(count, Shape.of(WIDTH));
        var random = new Random(7);
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < WIDTH; i++) {
                rows.set(row, i, (float) (random.nextGaussian() + row % 5));
            }
        }
        return rows;
    }

    private static Optional<DifferentInputs> read(Inputs inputs, Batch rows, Norm norm) {
        return new DifferentInputsReader(
                        inputs, new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE), norm)
                .read(ROOM, 3)
                .map(DifferentInputsReader.DifferentPairs::inputs);
    }

    /** The values of one kind, computed pair by pair. */
    private record Direct(List<Double> distances, List<Double> correlations, List<Double> same) {
        static Direct of(Batch rows, Norm norm, IntUnaryOperator label, IntUnaryOperator content) {
            var direct = new Direct(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int x = 0; x < rows.rows(); x++) {
                for (int y = 0; y < rows.rows(); y++) {
                    if (content.applyAsInt(x) != content.applyAsInt(y)) {
                        direct.add(rows, norm, x, y, label.applyAsInt(x) == label.applyAsInt(y));
                    }
                }
            }
            return direct;
        }

        private void add(Batch rows, Norm norm, int x, int y, boolean sameClass) {
            double sum = 0;
            double ofX = 0;
            double[] means = new double[2];
            for (int i = 0; i < WIDTH; i++) {
                sum += Math.pow(Math.abs((double) rows.get(y, i) - rows.get(x, i)), norm.p());
                ofX += Math.pow(Math.abs(rows.get(x, i)), norm.p());
                means[0] += rows.get(x, i) / (double) WIDTH;
                means[1] += rows.get(y, i) / (double) WIDTH;
            }
            double distance = Math.pow(sum / ofX, 1 / norm.p());
            double products = 0;
            double[] squares = new double[2];
            for (int i = 0; i < WIDTH; i++) {
                double first = rows.get(x, i) - means[0];
                double second = rows.get(y, i) - means[1];
                products += first * second;
                squares[0] += first * first;
                squares[1] += second * second;
            }
            distances.add(distance);
            correlations.add(products / Math.sqrt(squares[0] * squares[1]));
            if (sameClass) {
                same.add(distance);
            }
        }
    }

    private static void assertSame(List<Double> expected, Quantiles quantiles) {
        var direct =
                Quantiles.of(expected.stream().mapToDouble(d -> d).toArray()).orElseThrow();
        assertEquals(direct.min(), quantiles.min(), 1e-12);
        assertEquals(direct.p5(), quantiles.p5(), 1e-12);
        assertEquals(direct.median(), quantiles.median(), 1e-12);
        assertEquals(direct.p95(), quantiles.p95(), 1e-12);
        assertEquals(direct.max(), quantiles.max(), 1e-12);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2, 3.5})
    void theyAreThoseOfAllOrderedPairs(double p) {
        var rows = rows(20);
        var norm = new Norm(p);
        var different = read(new SearchFixture.Noise(20, PIXELS), rows, norm).orElseThrow();
        var direct = Direct.of(rows, norm, i -> i % 3, i -> i);
        assertEquals(20, different.inputs());
        assertEquals(380, different.pairs());
        assertSame(direct.distances(), different.distance());
        assertSame(direct.correlations(), different.correlation().orElseThrow());
        assertSame(direct.same(), different.sameClass().orElseThrow());
    }

    @Test
    void pairsOfOneClassNeedLabels() {
        var rows = rows(12);
        var different = read(unlabelled(12), rows, Norm.L2).orElseThrow();
        assertEquals(Optional.empty(), different.sameClass());
        var labelled = read(new SearchFixture.Noise(12, PIXELS), rows, Norm.L2).orElseThrow();
        assertEquals(labelled.distance(), different.distance());
        assertEquals(
                Optional.empty(),
                read(new SearchFixture.Noise(3, PIXELS), rows(3), Norm.L2)
                        .orElseThrow()
                        .sameClass());
    }

    @Test
    void inputsWithTheSameBitsAreNotDifferent() {
        var pixels = new SearchFixture.Noise(8, PIXELS).read(0, 8);
        var rows = rows(8);
        pixels.copyRow(pixels, 2, 5); // an input twice
        rows.copyRow(rows, 2, 5);
        rows.copyRow(rows, 1, 7); // another input that is represented as input 1
        var different = read(Inputs.of(pixels), rows, Norm.L2).orElseThrow();
        var direct = Direct.of(rows, Norm.L2, i -> i, i -> i == 5 ? 2 : i);
        assertEquals(8 * 7 - 2, different.pairs());
        assertEquals(direct.distances().size(), different.pairs());
        assertSame(direct.distances(), different.distance());
        assertSame(direct.correlations(), different.correlation().orElseThrow());
        assertEquals(0, different.distance().min());
    }

    @Test
    void theThresholdIsTheQuantileOfTheDistancesAboveZero() {
        var rows = rows(8);
        rows.copyRow(rows, 1, 7); // another input that is represented as input 1
        var inputs = unlabelled(8);
        var held = new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE);
        var pairs =
                new DifferentInputsReader(inputs, held, Norm.L2).read(ROOM, 3).orElseThrow();
        var above = Direct.of(rows, Norm.L2, i -> i, i -> i).distances().stream()
                .mapToDouble(d -> d)
                .filter(d -> d > 0)
                .sorted()
                .toArray();
        double threshold = SharedMetamersTest.p5(above);
        assertEquals(threshold, pairs.threshold(), 1e-12);
        assertEquals(0, pairs.inputs().distance().min());
        var residuals = new double[8];
        residuals[2] = 0.99 * threshold;
        residuals[3] = 1.01 * threshold;
        var acceptance = direction(8)
                .acceptance(InversionSettings.PUBLISHED, inputs, held, held, inversion(residuals), Optional.empty())
                .orElseThrow();
        assertEquals(7 / 8.0, acceptance.share());
        assertEquals(threshold, acceptance.threshold(), 1e-12);
        var same = Batch.allocate(8, Shape.of(WIDTH));
        for (int i = 0; i < 8; i++) {
            same.set(i, 0, 1);
        }
        assertEquals(
                0,
                new DifferentInputsReader(
                                inputs, new HeldRepresentations("layer", Layout.FLAT, same, Lengths.NONE), Norm.L2)
                        .read(ROOM, 3)
                        .orElseThrow()
                        .threshold());
    }

    private static Inversion inversion(double[] residuals) {
        var rows = Arrays.stream(residuals)
                .mapToObj(each -> new Inversion.Row(each, 0, 0, 0, 0, 0))
                .toList();
        return new Inversion(unlabelled(rows.size()), rows, List.of(), false);
    }

    private static Direction direction(int count) {
        return new Direction(
                count, RepresentationReduction.FLATTEN, new Similarities(Map.of(), 1_000_000), caution -> {});
    }

    @Test
    void thereAreNoneOfOneInputOrOfOneInputTwice() {
        assertEquals(Optional.empty(), read(unlabelled(1), rows(1), Norm.L2));
        var pixels = Batch.allocate(2, PIXELS);
        assertEquals(Optional.empty(), read(Inputs.of(pixels), Batch.allocate(2, Shape.of(WIDTH)), Norm.L2));
    }

    @Test
    void rowsThatDoNotVaryHaveNoCorrelation() {
        var rows = rows(6);
        for (int i = 0; i < WIDTH; i++) {
            rows.set(4, i, 2.5f);
        }
        var different = read(unlabelled(6), rows, Norm.L2).orElseThrow();
        var others = Batch.allocate(5, Shape.of(WIDTH));
        for (int row = 0; row < 5; row++) {
            others.copyRow(rows, row == 4 ? 5 : row, row);
        }
        var direct = Direct.of(others, Norm.L2, i -> i, i -> i);
        assertEquals(30, different.pairs());
        assertSame(direct.correlations(), different.correlation().orElseThrow());
    }

    @Test
    void ofManyInputsSomeAreChosenByTheRandomSeed() {
        var rows = rows(400);
        var reader = new DifferentInputsReader(
                unlabelled(400), new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE), Norm.L2);
        var pairs = reader.read(ROOM, 3).orElseThrow();
        assertEquals(142, pairs.inputs().inputs());
        assertEquals(20_022, pairs.inputs().pairs());
        assertEquals(pairs, reader.read(ROOM, 3).orElseThrow());
        assertNotEquals(pairs, reader.read(ROOM, 4).orElseThrow());
    }

    @Test
    void fewerInputsArePairedWhereMemoryIsShort() {
        var rows = rows(40);
        var reader = new DifferentInputsReader(
                unlabelled(40), new HeldRepresentations("layer", Layout.FLAT, rows, Lengths.NONE), Norm.L2);
        var some =
                reader.read(new RowMemory(16 * WIDTH * 10 + 5), 3).orElseThrow().inputs();
        assertEquals(10, some.inputs());
        assertEquals(90, some.pairs());
        assertEquals(Optional.empty(), reader.read(new RowMemory(16 * WIDTH), 3));
    }

    @Test
    void labelsBelongToTheChosenInputs() {
        int count = 300;
        var rows = Batch.allocate(count, Shape.of(WIDTH));
        var random = new Random(5);
        for (int row = 0; row < count; row++) {
            for (int i = 0; i < WIDTH; i++) { // classes lie far from each other
                rows.set(row, i, (row % 2 == 0 ? 1 : -1) + 0.01f * random.nextFloat());
            }
        }
        var noise = new SearchFixture.Noise(count, PIXELS);
        var inputs = Inputs.of(
                InputFacts.of("two classes", count).withLabels(index -> OptionalInt.of(index % 2)), PIXELS, noise);
        var different = read(inputs, rows, Norm.L2).orElseThrow();
        assertEquals(2, different.distance().max(), 0.05);
        assertEquals(0.01, different.sameClass().orElseThrow().max(), 0.01);
    }
}
