package stir.core.math.statistics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.math.statistics.IntervalTest.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.Matrix;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * Differences, predictions and the correction for many comparisons; simulations with fixed seeds.
 */
class ReplicatesTest {
    private static final int WIDTH = 6;
    private static final int TRIALS = 300;

    /** A representation, and two others of the same inputs with more or less noise. */
    private record Trio(Matrix reference, Matrix first, Matrix second) {
        static Trio of(int rows, double noiseOfFirst, double noiseOfSecond, Random random) {
            var reference = new double[rows * WIDTH];
            var first = new double[reference.length];
            var second = new double[reference.length];
            for (int i = 0; i < reference.length; i++) {
                reference[i] = random.nextGaussian() * (1 + i % WIDTH);
                first[i] = reference[i] + noiseOfFirst * random.nextGaussian();
                second[i] = reference[i] + noiseOfSecond * random.nextGaussian();
            }
            return new Trio(
                    Matrix.of(rows, WIDTH, reference), Matrix.of(rows, WIDTH, first), Matrix.of(rows, WIDTH, second));
        }

        Difference difference(SimilarityMeasure measure, long seed) {
            return Difference.paired(
                    Replicates.of(measure, reference, first, seed).orElseThrow(),
                    Replicates.of(measure, reference, second, seed).orElseThrow(),
                    measure.scale(),
                    0.95);
        }
    }

    // Both are equally noisy: the expected difference is 0, found significant in 5 % of the
    // samples.
    @ParameterizedTest
    @CsvSource({"linear-cka, 50", "linear-cka-debiased, 100", "procrustes, 50"})
    void falsePositivesAreAsFrequentAsStated(String id, int rows) {
        var measure = measure(id);
        var random = new Random(23);
        int significant = 0;
        int covered = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            var paired = Trio.of(rows, 2, 2, random).difference(measure, trial);
            significant += paired.pValue() < 0.05 ? 1 : 0;
            covered += paired.interval().low() <= 0 && 0 <= paired.interval().high() ? 1 : 0;
        }
        assertTrue(significant >= 0.02 * TRIALS && significant <= 0.08 * TRIALS, "" + significant);
        assertEquals(TRIALS - significant, covered, "the interval and the p-value are one test");
    }

    @ParameterizedTest
    @CsvSource({"linear-cka, 5", "linear-cka-debiased, 5", "mutual-knn, 200"})
    void theFewestInputsSuffice(String id, int fewest) {
        assertFewest(measure(id), fewest);
    }

    // Without the largest of 30 groups, two of 42 inputs, 40 are left.
    @Test
    void theFewestInputsSufficeWithoutTheLargestGroup() {
        var measure = measure("linear-cka");
        assertFewest(
                new SimilarityMeasure() {
                    @Override
                    public String id() {
                        return "of-many";
                    }

                    @Override
                    public String description() {
                        return "Linear CKA of 40 inputs or more";
                    }

                    @Override
                    public Scale scale() {
                        return measure.scale();
                    }

                    @Override
                    public int minimumRows() {
                        return 40;
                    }

                    @Override
                    public double compare(Matrix a, Matrix b) {
                        return measure.compare(a, b);
                    }
                },
                42);
    }

    private static void assertFewest(SimilarityMeasure measure, int fewest) {
        assertEquals(fewest, Replicates.fewestInputs(measure));
        var few = Trio.of(fewest - 1, 1, 1, new Random(1));
        assertTrue(Replicates.of(measure, few.reference(), few.first(), 0).isEmpty());
        var enough = Trio.of(fewest, 1, 1, new Random(1));
        assertTrue(Replicates.of(measure, enough.reference(), enough.first(), 0).isPresent());
    }

    @Test
    void overlappingIntervalsMayDifferSignificantly() {
        var measure = measure("linear-cka");
        var random = new Random(5);
        int significant = 0;
        int apart = 0;
        for (int trial = 0; trial < 100; trial++) {
            var trio = Trio.of(60, 2, 3, random);
            significant += trio.difference(measure, trial).pValue() < 0.05 ? 1 : 0;
            var first = Interval.of(measure, trio.reference(), trio.first(), 0.95, trial)
                    .orElseThrow();
            var second = Interval.of(measure, trio.reference(), trio.second(), 0.95, trial)
                    .orElseThrow();
            apart += first.low() > second.high() ? 1 : 0;
        }
        assertTrue(significant >= 90, "found " + significant);
        assertTrue(apart < significant, "apart " + apart + ", found " + significant);
    }

    @Test
    void aValueDoesNotDifferFromItself() {
        var trio = Trio.of(40, 1, 1, new Random(1));
        var replicates = Replicates.of(measure("linear-cka"), trio.reference(), trio.first(), 3)
                .orElseThrow();
        var none = Difference.paired(replicates, replicates, Scale.UNIT, 0.95);
        assertEquals(0, none.difference());
        assertEquals(1, none.pValue());
        assertEquals(new Interval(0, 0, 0.95), none.interval());
    }

    @Test
    void rowsOfOneInputAreLeftOutTogether() {
        var trio = Trio.of(12, 1, 1, new Random(1));
        var measure = measure("linear-cka");
        var rows = RowsOfInputs.alike(6, 2);
        var replicates = Replicates.of(measure, 0.5, trio.reference(), trio.first(), rows, 3)
                .orElseThrow();
        assertEquals(6, replicates.rows());
        for (int input = 0; input < 6; input++) {
            int left = input;
            int[] kept = IntStream.range(0, 12).filter(row -> row / 2 != left).toArray();
            double without =
                    measure.compare(trio.reference().select(kept), trio.first().select(kept));
            assertTrue(
                    DoubleStream.of(replicates.parts()).anyMatch(part -> Math.abs(part - without) < 1e-12),
                    "without input " + input);
        }
    }

    /** Returns the mean of some numbers, and without each of them. */
    private static Replicates mean(double... numbers) {
        double sum = DoubleStream.of(numbers).sum();
        return Replicates.of(
                Replicates.Scheme.GROUPS,
                sum / numbers.length,
                DoubleStream.of(numbers)
                        .map(one -> (sum - one) / (numbers.length - 1))
                        .toArray(),
                numbers.length,
                numbers.length);
    }

    // For means this is Welch's test: scipy.stats.ttest_ind(a, b, equal_var=False).
    @Test
    void differencesOfOtherInputsAgreeWithWelchsTest() {
        var open = Scale.distance(Double.POSITIVE_INFINITY);
        var first = mean(1, 2, 4, 7, 5, 6);
        var second = mean(7.5, 6.5, 8.5, 5.5, 3.5, 2.5);
        var difference = Difference.independent(first, second, open, 0.95);
        assertFalse(difference.isPaired());
        assertEquals(-1.5, difference.difference(), 1e-12);
        assertEquals(0.2882827622811841, difference.pValue(), 1e-12);
        assertEquals(-4.4801212535746195, difference.interval().low(), 1e-9);
        assertEquals(1.480121253574619, difference.interval().high(), 1e-9);
        // SciPy's 9.68 degrees of freedom are rounded down to 9.
        var wider = mean(3.25, 11.7, 5.2, 14.3, 3.9, 7.8, 6.5);
        var uneven = Difference.independent(first, wider, open, 0.95);
        assertEquals(-3.3547619047619053, uneven.difference(), 1e-12);
        assertEquals(0.0981128957903927, uneven.pValue(), 1e-12);
        assertEquals(-3.3547619047619053 - 4.113057120175253, uneven.interval().low(), 1e-9);
    }

    // Inputs raise both values alike, so the independent test finds less.
    @Test
    void pairingFindsMore() {
        var measure = measure("linear-cka");
        var random = new Random(7);
        for (int trial = 0; trial < 20; trial++) {
            var trio = Trio.of(60, 2, 3, random);
            var first =
                    Replicates.of(measure, trio.reference(), trio.first(), 1).orElseThrow();
            var second =
                    Replicates.of(measure, trio.reference(), trio.second(), 1).orElseThrow();
            var paired = Difference.paired(first, second, Scale.UNIT, 0.95);
            var independent = Difference.independent(first, second, Scale.UNIT, 0.95);
            assertTrue(paired.isPaired());
            assertEquals(paired.difference(), independent.difference(), 1e-12);
            assertTrue(paired.pValue() < independent.pValue());
        }
    }

    @Test
    void manyDifferencesAreCorrectedTogether() {
        var interval = new Interval(-1, 1, 0.95);
        var all = Difference.together(List.of(
                new Difference(0, interval, 0.02, 0.02, true),
                new Difference(0, interval, 0.01, 0.01, true),
                new Difference(0, interval, 0.6, 0.6, true)));
        assertEquals(
                List.of(0.04, 0.03, 0.6),
                all.stream().map(Difference::correctedPValue).toList());
        assertEquals(
                List.of(0.02, 0.01, 0.6), all.stream().map(Difference::pValue).toList());
    }

    @Test
    void valuesWithoutTheSameGroupsHaveNoDifference() {
        var trio = Trio.of(40, 1, 1, new Random(1));
        var measure = measure("linear-cka");
        var three = Replicates.of(measure, trio.reference(), trio.first(), 3).orElseThrow();
        var four = Replicates.of(measure, trio.reference(), trio.second(), 4).orElseThrow();
        var value = Estimate.of(three, Scale.UNIT);
        assertTrue(Difference.paired(value, Estimate.of(0.5), Scale.UNIT).isEmpty());
        assertTrue(Difference.paired(value, Estimate.of(four, Scale.UNIT), Scale.UNIT)
                .isEmpty());
        assertTrue(Difference.paired(value, value, Scale.UNIT).isPresent());
        assertTrue(
                Difference.paired(value, Estimate.undefined("No."), Scale.UNIT).isEmpty());
        assertTrue(Difference.independent(value, Estimate.of(0.5), Scale.UNIT).isEmpty());
        assertTrue(Difference.independent(value, Estimate.of(four, Scale.UNIT), Scale.UNIT)
                .isPresent());
    }

    @Test
    void differentGroupsAreRefused() {
        var trio = Trio.of(40, 1, 1, new Random(1));
        var measure = measure("linear-cka");
        var three = Replicates.of(measure, trio.reference(), trio.first(), 3).orElseThrow();
        var four = Replicates.of(measure, trio.reference(), trio.second(), 4).orElseThrow();
        assertThrows(IllegalArgumentException.class, () -> Difference.paired(three, four, Scale.UNIT, 0.95));
    }

    // The target is noisier than the reference; without any noise the value would be 1.
    @Test
    void aCorrectedScoreHasAnIntervalAndIsAbsentWhereTheCeilingIsNotAboveTheFloor() {
        var measure = measure("linear-cka");
        var random = new Random(37);
        var intervals = new ArrayList<Interval>();
        double sum = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            var trio = Trio.of(60, 2, 1, random);
            var score = Replicates.of(measure, trio.reference(), trio.first(), trial)
                    .orElseThrow();
            var ceiling = Replicates.of(measure, trio.reference(), trio.second(), trial)
                    .orElseThrow();
            var corrected = BaselineCorrection.correct(score, ceiling, 0.1, measure.scale())
                    .orElseThrow();
            assertEquals((score.value() - 0.1) / (ceiling.value() - 0.1), corrected.value(), 1e-12);
            sum += corrected.value();
            intervals.add(
                    corrected.interval(0.95, new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true)));
            assertTrue(BaselineCorrection.correct(score, ceiling, 0.99999, measure.scale())
                    .isEmpty());
        }
        double mean = sum / TRIALS;
        long covered = intervals.stream()
                .filter(interval -> interval.low() <= mean && mean <= interval.high())
                .count();
        assertTrue(covered >= 0.92 * TRIALS && covered <= 0.985 * TRIALS, "covered " + covered);
    }

    // For another sample of inputs, the confidence interval contains the value less often.
    @ParameterizedTest
    @CsvSource({"linear-cka, 60", "linear-cka-debiased, 100"})
    void thePredictionIntervalContainsTheNextSample(String id, int rows) {
        var measure = measure(id);
        var random = new Random(29);
        int predicted = 0;
        int confident = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            var seen = Trio.of(rows, 2, 2, random);
            var next = Trio.of(rows, 2, 2, random);
            double value = measure.compare(next.reference(), next.first());
            var replicates = Replicates.of(measure, seen.reference(), seen.first(), trial)
                    .orElseThrow();
            var interval = Interval.ofOtherInputs(replicates, measure.scale(), 0.95);
            predicted += interval.low() <= value && value <= interval.high() ? 1 : 0;
            var narrow = replicates.interval(0.95, measure.scale());
            confident += narrow.low() <= value && value <= narrow.high() ? 1 : 0;
        }
        double share = predicted / (double) TRIALS;
        assertTrue(share >= 0.92 && share <= 0.985, "predicted " + share);
        assertTrue(confident < 0.9 * TRIALS, "confident " + confident);
    }

    // For a mean, halves give the textbook's standard error: s / sqrt(n).
    @Test
    void halvesOfAMeanHaveTheStandardErrorOfTheMean() {
        var random = new Random(41);
        int rows = 400;
        var values = random.doubles(rows).toArray();
        var a = Matrix.of(rows, 1, values);
        var replicates = Replicates.of(new MeanOfFirst(10), a, a, 1).orElseThrow();
        assertEquals(Replicates.Scheme.HALVES, replicates.scheme());
        assertEquals(60, replicates.parts().length);
        assertEquals(30, replicates.degrees());
        double expected = SampleStatistics.standardDeviation(values) / Math.sqrt(rows);
        assertEquals(expected, replicates.standardError(), 0.35 * expected);
        var all = Replicates.of(new MeanOfFirst(0), a, a, 1).orElseThrow();
        assertEquals(Replicates.Scheme.GROUPS, all.scheme());
        assertEquals(expected, all.standardError(), 0.35 * expected);
    }

    @Test
    void measuresOfNeighboursHaveNoIntervalForFewInputs() {
        var a = Matrix.of(199, 1, new Random(1).doubles(199).toArray());
        assertTrue(Replicates.of(new MeanOfFirst(10), a, a, 1).isEmpty());
        assertTrue(Replicates.of(new MeanOfFirst(9), a, a, 1).isPresent());
    }

    // Both halves of a division have equally many inputs and share none.
    @Test
    void halvesShareNoInput() {
        int rows = 21;
        var powers = new double[rows];
        for (int i = 0; i < rows; i++) {
            powers[i] = 1L << i;
        }
        var a = Matrix.of(rows, 1, powers);
        var parts = Replicates.of(new MeanOfFirst(1), a, a, 7).orElseThrow().parts();
        for (int i = 0; i < parts.length; i += 2) {
            long first = Math.round(parts[i] * 10);
            long second = Math.round(parts[i + 1] * 10);
            assertEquals(10, Long.bitCount(first));
            assertEquals(10, Long.bitCount(second));
            assertEquals(0, first & second);
        }
    }

    // Halves have half as many inputs, so their values may differ from that of all inputs.
    @Test
    void functionsOfHalvesUseTheValueOfAllInputs() {
        var halves = Replicates.Scheme.HALVES;
        var score = Replicates.of(halves, 0.2, new double[] {0.5, 0.4, 0.4, 0.5, 0.5, 0.5}, 40, 1);
        var ceiling = Replicates.of(halves, 0.6, new double[] {0.9, 0.9, 0.9, 0.7, 0.8, 0.8}, 40, 1);
        var corrected =
                BaselineCorrection.correct(score, ceiling, 0.1, Scale.UNIT).orElseThrow();
        assertEquals(0.2, corrected.value(), 1e-12);
        var expected = new double[] {0.3, 0.1, 0.05 / 0.6, 0.15 / 0.4, 0.2, 0.2};
        assertArrayEquals(expected, corrected.parts(), 1e-12);
    }

    /** The mean of the first matrix, declared as a measure of neighbours. */
    private record MeanOfFirst(int neighbours) implements SimilarityMeasure {
        @Override
        public String id() {
            return "mean-of-first";
        }

        @Override
        public String description() {
            return "The mean of the first matrix";
        }

        @Override
        public Scale scale() {
            return new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);
        }

        @Override
        public double compare(Matrix a, Matrix b) {
            double sum = 0;
            for (int row = 0; row < a.rows(); row++) {
                sum += a.get(row, 0);
            }
            return sum / a.rows();
        }
    }

    // R's predict for a mean: t(0.975, 3) = 3.182446305, s sqrt(1 + 1/4) = 0.020412415.
    @Test
    void theNextRepeatHasAWiderIntervalThanTheMean() {
        var values = new double[] {0.51, 0.48, 0.52, 0.49};
        var interval = Interval.ofNext(values, Scale.UNIT, 0.95).orElseThrow();
        assertEquals(0.5 - 3.182446305284263 * 0.0204124145231932, interval.low(), 1e-9);
        assertEquals(0.5 + 3.182446305284263 * 0.0204124145231932, interval.high(), 1e-9);
        assertTrue(Interval.ofNext(new double[] {0.5}, Scale.UNIT, 0.95).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"2", "5", "20"})
    void thePredictionIntervalContainsTheNextRepeatAsOftenAsStated(int repeats) {
        var random = new Random(31);
        var unbounded = new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true);
        int trials = 4000;
        int covered = 0;
        for (int trial = 0; trial < trials; trial++) {
            var values = random.doubles(repeats).map(u -> random.nextGaussian()).toArray();
            double next = random.nextGaussian();
            var interval = Interval.ofNext(values, unbounded, 0.95).orElseThrow();
            covered += interval.low() <= next && next <= interval.high() ? 1 : 0;
        }
        assertEquals(0.95, covered / (double) trials, 0.012);
    }

    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
    @Test
    void manyComparisonsAreCorrectedByHolm() {
        assertArrayEquals(new double[] {0.03, 0.06, 0.06, 0.02}, HolmCorrection.of(0.01, 0.04, 0.03, 0.005), 1e-15);
        assertArrayEquals(new double[] {1, 1, 0.9}, HolmCorrection.of(0.7, 0.8, 0.3), 1e-15);
        assertEquals(0, HolmCorrection.of().length);
        assertThrows(IllegalArgumentException.class, () -> HolmCorrection.of(0.5, Double.NaN));
    }

    // scipy: 2 * t.sf(t, degrees).
    @ParameterizedTest
    @CsvSource({
        "0, 5, 1",
        "1, 1, 0.5",
        "2.045229642132703, 29, 0.05",
        "3, 4, 0.03994196807171883",
        "10, 10, 1.5895531755964125e-06"
    })
    void tailsAgreeWithScipy(double t, int degrees, double expected) {
        assertEquals(expected, StudentT.beyond(t, degrees), 1e-12);
    }
}
