package stir.api.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import stir.api.Matrix;
import stir.api.SimilarityMeasure;
import stir.api.UsageException;

/**
 * The tests that every similarity measure passes. An author extends this class and runs it with
 * JUnit 5.
 */
public abstract class SimilarityMeasureContract {
    /** Returns the measure under test, as {@link ServiceLoader} would create it. */
    protected abstract SimilarityMeasure measure();

    /**
     * Returns whether {@code compare(a, a)} is the best possible value; true unless an author
     * overrides this.
     */
    protected boolean selfIsMostSimilar() {
        return true;
    }

    /** Returns the tolerance between two computations of one value. */
    protected double tolerance() {
        return 1e-9;
    }

    private int rows() {
        return Math.max(24, measure().minimumRows());
    }

    private static Matrix noise(int rows, int columns, long seed) {
        var random = new Random(seed);
        return Matrix.of(
                rows, columns, random.doubles((long) rows * columns, -1, 1).toArray());
    }

    private Matrix first() {
        return noise(rows(), 5, 1);
    }

    private Matrix second() {
        return noise(rows(), measure().needsEqualWidths() ? 5 : 7, 2);
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertTrue(
                ServiceLoader.load(SimilarityMeasure.class, measure().getClass().getClassLoader()).stream()
                        .anyMatch(candidate -> candidate.type().equals(measure().getClass())));
    }

    @Test
    void idIsLowerCaseWords() {
        assertTrue(
                measure().id().matches("[a-z][a-z0-9]*(-[a-z0-9]+)*"), measure().id());
        assertFalse(measure().description().isBlank());
    }

    @Test
    void propertiesThatDecideOnIntervalsAreConstant() {
        assertTrue(measure().neighbours() >= 0, "neighbours " + measure().neighbours());
        assertEquals(measure().neighbours(), measure().neighbours());
        assertEquals(measure().hasInterval(), measure().hasInterval());
    }

    @Test
    void staysOnItsScale() {
        for (long seed = 3; seed < 9; seed++) {
            double value = measure().compare(first(), noise(rows(), second().columns(), seed));
            assertTrue(value >= measure().scale().lowest() - tolerance(), "value " + value);
            assertTrue(value <= measure().scale().highest() + tolerance(), "value " + value);
        }
    }

    @Test
    void findsNothingMoreSimilarThanTheSame() {
        if (selfIsMostSimilar()) {
            double self = measure().compare(first(), first());
            double other = measure().compare(first(), second());
            boolean larger = measure().scale().largerIsMoreSimilar();
            assertTrue(larger ? self >= other : self <= other, self + " for the same, " + other + " for another");
            double end =
                    larger ? measure().scale().highest() : measure().scale().lowest();
            if (Double.isFinite(end)) {
                assertEquals(end, self, 1e-6);
            }
        }
    }

    @Test
    void isSymmetricIfItClaimsToBe() {
        if (measure().isSymmetric()) {
            assertEquals(measure().compare(first(), second()), measure().compare(second(), first()), tolerance());
        }
    }

    @Test
    void doesNotDependOnTheOrderOfRows() {
        var order = IntStream.range(0, rows()).map(i -> rows() - 1 - i).toArray();
        assertEquals(
                measure().compare(first(), second()),
                measure().compare(first().select(order), second().select(order)),
                tolerance());
    }

    @Test
    void ofOrdersAgreesWithCompare() {
        var order = IntStream.range(0, rows()).map(i -> (i + 3) % rows()).toArray();
        measure()
                .ofOrders(first(), second())
                .ifPresent(ofOrders -> assertEquals(
                        measure().compare(first(), second().select(order)),
                        ofOrders.applyAsDouble(order),
                        tolerance()));
    }

    @Test
    void ofRowsAgreesWithCompare() {
        var chosen = IntStream.range(0, rows()).filter(i -> i % 12 != 5).toArray();
        if (chosen.length >= measure().minimumRows()) {
            assertEquals(
                    measure().compare(first().select(chosen), second().select(chosen)),
                    measure().ofRows(first(), second()).applyAsDouble(chosen),
                    tolerance());
        }
    }

    @Test
    void mergedAccumulatorsOfPartsOfTheRowsGiveTheSameValue() {
        var whole = measure().accumulator(first().columns(), second().columns()).orElse(null);
        if (!(whole instanceof SimilarityMeasure.MergingAccumulator sum)) {
            return;
        }
        for (int from = 0; from < rows(); from += rows() / 3) {
            var rows =
                    IntStream.range(from, Math.min(from + rows() / 3, rows())).toArray();
            var part = merging();
            part.add(first().select(rows), second().select(rows));
            if (from == 0) {
                var copy = merging();
                copy.merge(part);
                assertEquals(part.value(), copy.value());
            }
            double before = part.value();
            sum.merge(part);
            assertEquals(before, part.value(), "merging changes the other accumulator");
        }
        assertEquals(measure().compare(first(), second()), sum.value(), tolerance());
    }

    private SimilarityMeasure.MergingAccumulator merging() {
        return (SimilarityMeasure.MergingAccumulator)
                measure().accumulator(first().columns(), second().columns()).orElseThrow();
    }

    @Test
    void accumulatesToTheSameValue() {
        measure().accumulator(first().columns(), second().columns()).ifPresent(accumulator -> {
            for (int from = 0; from < rows(); from += 7) {
                var part = IntStream.range(from, Math.min(from + 7, rows())).toArray();
                accumulator.add(first().select(part), second().select(part));
            }
            assertEquals(measure().compare(first(), second()), accumulator.value(), tolerance());
        });
    }

    @Test
    void refusesAnUnknownParameter() {
        var refusal = assertThrows(UsageException.class, () -> measure().with(Map.of("no-such-parameter", "1")));
        assertTrue(refusal.getMessage().contains("no-such-parameter"), refusal.getMessage());
    }

    @Test
    void givesTheSameInSeveralThreads() {
        double alone = measure().compare(first(), second());
        assertTrue(IntStream.range(0, 32)
                .parallel()
                .allMatch(i -> Math.abs(measure().compare(first(), second()) - alone) <= tolerance()));
    }
}
