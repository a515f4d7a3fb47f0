package stir.core.math.statistics;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import stir.api.Scale;

/**
 * A difference of two measured values and its significance, such as between the STIR of one target
 * given two references.
 *
 * <p>The overlap of two intervals does not decide whether two values differ. If the two values are
 * from the same inputs, inputs that raise one mostly raise the other, so the difference is more
 * certain: the two are measured on the same parts of the inputs, and the interval and the p-value
 * of the difference follow from Student's t with the degrees of freedom of {@link
 * Replicates#degrees}. Otherwise, or if the inputs were divided differently, the two errors are
 * treated as independent (Welch 1947). This is correct for different inputs, and conservative for
 * the same inputs. The test concerns the difference of the means over other samples of the same
 * size, for fixed networks and searches: the variation of another search, or of a network trained
 * from another seed, is not covered, except in differences by {@link TwoFactorBootstrap}.
 *
 * @param difference the first value minus the second
 * @param interval the interval of the difference; a point if the standard error is 0
 * @param pValue the probability of a difference at least as large, in either direction, if the
 *     values were equal
 * @param correctedPValue the p-value corrected for many comparisons by {@link HolmCorrection}; for
 *     a single one it equals {@code pValue}
 * @param isPaired whether the two values are from the same inputs, divided in the same way
 * @since 0.1.0
 */
public record Difference(
        double difference,
        @JsonUnwrapped Interval interval,
        @JsonProperty("p") double pValue,
        @JsonProperty("p_corrected") double correctedPValue,
        @JsonProperty("paired") boolean isPaired) {
    /** Checks the probabilities. */
    public Difference {
        if (!(pValue >= 0 && pValue <= correctedPValue && correctedPValue <= 1)) {
            throw new IllegalArgumentException("Not valid p-values: " + pValue + " and " + correctedPValue);
        }
    }

    /** Returns the same differences, corrected as all comparisons that are made together. */
    public static List<Difference> together(List<Difference> all) {
        var corrected =
                HolmCorrection.of(all.stream().mapToDouble(Difference::pValue).toArray());
        return IntStream.range(0, corrected.length)
                .mapToObj(i -> all.get(i).corrected(corrected[i]))
                .toList();
    }

    /**
     * Returns p-values corrected by {@link HolmCorrection}.
     *
     * @param pValues one per comparison, from 0 to 1
     */
    public static double[] corrected(double... pValues) {
        return HolmCorrection.of(pValues);
    }

    private Difference corrected(double probability) {
        return new Difference(difference, interval, pValue, probability, isPaired);
    }

    /**
     * Returns the difference of two scores of the same inputs.
     *
     * @param first the score to subtract from
     * @param second the score to subtract
     * @param scale the scale of the two values; the interval is truncated to the possible
     *     differences
     * @return empty unless the two are defined and have the same groups of inputs
     */
    public static Optional<Difference> paired(Estimate first, Estimate second, Scale scale) {
        var one = first.groups();
        var other = second.groups();
        return one.isPresent() && other.isPresent() && one.get().hasPartsOf(other.get())
                ? Optional.of(paired(one.get(), other.get(), scale, Estimate.LEVEL))
                : Optional.empty();
    }

    /**
     * Returns the difference between two values that were measured on the same inputs.
     *
     * @param first the value to subtract from, of the same inputs, divided by the same seed, as the
     *     second
     * @param second the value to subtract
     * @param scale the scale of the two values; the interval is truncated to the possible
     *     differences
     * @param level the probability, between 0 and 1, such as 0.95
     * @throws IllegalArgumentException if the inputs were divided differently
     */
    public static Difference paired(Replicates first, Replicates second, Scale scale, double level) {
        var both = first.with(second, (one, other) -> one - other);
        return of(both.value(), both.standardError(), both.degrees(), scale, level, true);
    }

    /**
     * Returns the difference of two scores of different inputs, or of the same in other groups.
     *
     * @param first the score to subtract from
     * @param second the score to subtract
     * @param scale the scale of the two values; the interval is truncated to the possible
     *     differences
     * @return empty unless the two are defined and have groups of inputs
     */
    public static Optional<Difference> independent(Estimate first, Estimate second, Scale scale) {
        var one = first.groups();
        var other = second.groups();
        return one.isPresent() && other.isPresent()
                ? Optional.of(independent(one.get(), other.get(), scale, Estimate.LEVEL))
                : Optional.empty();
    }

    /**
     * Returns the difference of two measured values whose errors are independent, by Welch's t. Its
     * degrees of freedom are rounded down.
     *
     * @param second the value to subtract
     * @param scale the scale of the two values; the interval is truncated to the possible
     *     differences
     * @param level the probability, between 0 and 1, such as 0.95
     */
    public static Difference independent(Replicates first, Replicates second, Scale scale, double level) {
        double one = Math.pow(first.standardError(), 2);
        double other = Math.pow(second.standardError(), 2);
        double spread = one * one / first.degrees() + other * other / second.degrees();
        int degrees = spread == 0
                ? Math.min(first.degrees(), second.degrees())
                : (int) ((one + other) * (one + other) / spread);
        return of(first.value() - second.value(), Math.sqrt(one + other), degrees, scale, level, false);
    }

    /**
     * Returns a difference with its significance.
     *
     * @param error the standard error
     * @param degrees its degrees of freedom
     */
    static Difference of(double value, double error, int degrees, Scale scale, double level, boolean paired) {
        double widest = scale.highest() - scale.lowest();
        double probability = error == 0 ? value == 0 ? 1 : 0 : StudentT.beyond(Math.abs(value) / error, degrees);
        return new Difference(
                value,
                Interval.around(value, error, degrees, level, new Scale(-widest, widest, scale.largerIsMoreSimilar())),
                probability,
                probability,
                paired);
    }
}
