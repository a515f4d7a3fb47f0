package stir.core.statistics;

import stir.api.Scale;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whether one measured value is really above another that was measured on the same inputs, such as
 * the STIR of one target given two references.
 *
 * <p>Two intervals that overlap do not answer that, and two that do not overlap are more than is
 * needed: inputs that raise one value mostly raise the other, and the difference is the surer for
 * it. Here both are measured of the same parts of the inputs, and the interval and the p-value are
 * those of the difference, by Student's t with one degree of freedom less than there are groups.
 * What is tested is a difference of the means over as many other inputs, for networks and searches
 * as they are: another search, or a network trained from another seed, is not covered.
 *
 * @param difference the first value minus the second
 * @param interval of the difference; where the standard error is 0 it is a point
 * @param pValue the probability of a difference at least as large, to either side, if there were
 *     none
 * @param correctedPValue the same where this is one of many comparisons, by {@link HolmCorrection};
 *     alone it is {@code pValue}
 */
public record PairedDifference(
        double difference, ConfidenceInterval interval, double pValue, double correctedPValue) {
    /** Checks the probabilities. */
    public PairedDifference {
        Objects.requireNonNull(interval, "interval");
        if (!(pValue >= 0 && pValue <= correctedPValue && correctedPValue <= 1)) {
            throw new IllegalArgumentException(
                    "No probabilities: " + pValue + " and " + correctedPValue);
        }
    }

    /** The same differences, as all comparisons that are made together. */
    public static List<PairedDifference> together(List<PairedDifference> all) {
        var corrected =
                HolmCorrection.of(all.stream().mapToDouble(PairedDifference::pValue).toArray());
        return IntStream.range(0, corrected.length)
                .mapToObj(i -> all.get(i).corrected(corrected[i]))
                .toList();
    }

    private PairedDifference corrected(double probability) {
        return new PairedDifference(difference, interval, pValue, probability);
    }

    /**
     * The difference of two scores.
     *
     * @return empty unless both are defined and have the same groups of inputs
     */
    public static Optional<PairedDifference> of(Estimate first, Estimate second, Scale scale) {
        var one = first.groups();
        var other = second.groups();
        return one.isPresent() && other.isPresent() && one.get().hasPartsOf(other.get())
                ? Optional.of(of(one.get(), other.get(), scale, Estimate.LEVEL))
                : Optional.empty();
    }

    /**
     * The difference of two measured values.
     *
     * @param first of the same inputs, divided by the same seed, as the second
     * @param second what is taken away
     * @param scale of both values; the interval is cut off where a difference can't be larger
     * @param level the probability, between 0 and 1, such as 0.95
     * @throws IllegalArgumentException if the inputs were divided differently
     */
    public static PairedDifference of(
            Replicates first, Replicates second, Scale scale, double level) {
        var both = first.with(second, (one, other) -> one - other);
        double widest = scale.highest() - scale.lowest();
        double probability = pValue(both);
        return new PairedDifference(
                both.value(),
                both.interval(level, new Scale(-widest, widest, scale.largerIsMoreSimilar())),
                probability,
                probability);
    }

    private static double pValue(Replicates difference) {
        double error = difference.standardError();
        if (error == 0) {
            return difference.value() == 0 ? 1 : 0;
        }
        return StudentT.beyond(Math.abs(difference.value()) / error, difference.degrees());
    }
}
