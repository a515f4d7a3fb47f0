package stir.core.score;

import stir.core.inversion.CkaAttack;
import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The answer to the question whether a target ignores what a reference ignores, by a fixed rule.
 * The constants are in the order in which their rules are applied.
 *
 * @since 0.1.0
 */
public enum Verdict {
    /**
     * The search could leave the inputs and found the inputs themselves: {@link
     * stir.core.inversion.Inversion#ignoresNothing}.
     */
    NOTHING_TO_IGNORE,
    /** Fewer than {@link #FEWEST} of the invariant inputs were accepted (or found). */
    FEW_ACCEPTED,
    /**
     * The score, its ceiling or both floors are undefined, or an interval, the p-value or the
     * baseline-corrected value is missing.
     */
    UNDEFINED,
    /** The ceiling is not clearly above the floor. */
    LOW_CEILING,
    /**
     * The baseline-corrected interval contains 0 and {@link #MUCH}, so that it excludes neither
     * chance nor much shared invariance.
     */
    WIDE_INTERVAL,
    /** The p-value is above {@link #LEVEL}, or the baseline-corrected interval contains 0. */
    CHANCE,
    /**
     * The corrected interval is above 0, but the interval of the score is not more than {@link
     * #CLEARLY} above the similarity of the inputs and invariant inputs themselves, which is
     * therefore enough to explain it.
     */
    NEAR_INPUTS,
    /** The baseline-corrected interval begins above 0 and not above {@link #NEARLY_ALL_FROM}. */
    PARTLY,
    /** The baseline-corrected interval begins above {@link #NEARLY_ALL_FROM}. */
    NEARLY_ALL;

    /** The share of inputs that need to be accepted. */
    public static final double FEWEST = 0.9;

    /** The largest p-value of a score above the floor. */
    public static final double LEVEL = 0.05;

    /** The baseline-corrected value from which nearly all invariances are shared. */
    public static final double NEARLY_ALL_FROM = 0.9;

    /**
     * The share of the distance from the floor to the ceiling by which a score has to be above the
     * similarity of the inputs themselves. Where both are near the ceiling, intervals are too
     * narrow to be a criterion.
     */
    public static final double CLEARLY = 0.01;

    /** The baseline-corrected value from which much of the invariances is shared. */
    public static final double MUCH = 0.5;

    /** The measure whose values decide, where it is among those of a comparison. */
    private static final String DEBIASED = "linear-cka-debiased";

    /** Returns the measure that decides: the debiased one if it is present, otherwise the first. */
    public static String measure(List<String> measures) {
        return measures.contains(DEBIASED) ? DEBIASED : measures.get(0);
    }

    /** Returns whether the question was answered. */
    public boolean isKnown() {
        return this == CHANCE || this == PARTLY || this == NEARLY_ALL;
    }

    /** Returns the verdict on a score by one of its measures. */
    public static Verdict of(DirectedScore score, String measure, InversionSettings search) {
        if (score.inversion().ignoresNothing(search)) {
            return NOTHING_TO_IGNORE;
        }
        if (!(search.method() instanceof CkaAttack) && score.accepted(search) < FEWEST) {
            return FEW_ACCEPTED;
        }
        var stir = Optional.ofNullable(score.stir().get(measure));
        var self = Optional.ofNullable(score.self().get(measure));
        var permutations = Optional.ofNullable(score.permutations().get(measure));
        if (stir.filter(Estimate::isDefined).isEmpty()
                || self.flatMap(Estimate::interval).isEmpty()
                || Stream.of(score.seedOnly(), score.shuffled())
                        .flatMap(floors -> Optional.ofNullable(floors.get(measure)).stream())
                        .noneMatch(Estimate::isDefined)
                || permutations.isEmpty()) {
            return UNDEFINED;
        }
        var corrected = Optional.ofNullable(score.baselineCorrected().get(measure));
        if (corrected.isPresent() && !corrected.get().isDefined()) {
            return LOW_CEILING;
        }
        var interval = corrected.flatMap(Estimate::interval);
        if (interval.isEmpty()) {
            return UNDEFINED;
        }
        double low = interval.get().low();
        if (low <= 0 && interval.get().high() >= MUCH) {
            return WIDE_INTERVAL;
        }
        if (permutations.map(PermutationFloor::pValue).orElse(1.0) > LEVEL || low <= 0) {
            return CHANCE;
        }
        if (!isAboveInputs(score, measure)) {
            return NEAR_INPUTS;
        }
        return low > NEARLY_ALL_FROM ? NEARLY_ALL : PARTLY;
    }

    /**
     * Returns whether a score is clearly more similar than the inputs and invariant inputs
     * themselves, or this is unknown. The ceiling, which is clearly above the floor, shows which
     * values are.
     */
    private static boolean isAboveInputs(DirectedScore score, String measure) {
        var inputs = value(score.inputsOnly(), measure);
        var interval = Optional.ofNullable(score.stir().get(measure)).flatMap(Estimate::interval);
        if (inputs.isEmpty() || interval.isEmpty()) {
            return true;
        }
        double floor =
                value(score.shuffled(), measure)
                        .or(() -> value(score.seedOnly(), measure))
                        .orElseThrow();
        double range = value(score.self(), measure).orElseThrow() - floor;
        double nearest = range >= 0 ? interval.get().low() : interval.get().high();
        return (nearest - inputs.get()) / range > CLEARLY;
    }

    private static Optional<Double> value(Map<String, Estimate> values, String measure) {
        return Optional.ofNullable(values.get(measure))
                .flatMap(estimate -> estimate.value().stream().boxed().findFirst());
    }
}
