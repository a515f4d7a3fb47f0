package stir.core.score;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import stir.api.Scale;
import stir.core.inversion.Inversion;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.TracePoint;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.Replicates;

/**
 * A verdict on a score by the measure that decides, and the reason. The rules are applied in the
 * order of {@link #of}.
 *
 * @param word the answer
 * @param gap the kind of reason why it is inconclusive; empty if it is not
 * @param reason the facts that led to the answer, without a capital and a full stop; empty if the
 *     answer needs none
 * @param advice the changes that may settle it; empty if it is settled
 * @since 0.1.0
 */
public record Judgement(Verdict word, Optional<Gap> gap, String reason, List<Advice> advice) {
    /** The share of inputs that need to be accepted. */
    public static final double FEWEST = 0.9;

    /** The level of tests: p-values of clear scores, and of clear differences, lie below. */
    public static final double LEVEL = 0.05;

    /** The corrected value above which nearly all of a representation survives. */
    public static final double NEARLY_ALL_FROM = 0.9;

    /** The corrected value below which little of a representation survives. */
    public static final double LITTLE = 0.25;

    /**
     * The required margin of a score above the similarity of the inputs themselves, as a share of
     * the distance from the floor to the ceiling. If the two are near the ceiling, intervals are
     * too narrow to be a criterion.
     */
    public static final double CLEARLY = 0.01;

    /** The largest advised number of inputs, as a multiple of the present number. */
    private static final double MOST_INPUTS = 20;

    /** The least increase of inputs that is advised. */
    private static final double FEWEST_MORE_INPUTS = 1.1;

    /** The share of the residual of half the passes above which a search is stuck. */
    private static final double STUCK = 0.75;

    /** The fewest passes that show whether a search is stuck. */
    private static final int FEWEST_PASSES = 16;

    /** The first digits of an advised number of inputs. */
    private static final MathContext UP = new MathContext(2, RoundingMode.CEILING);

    /** Copies the advice. */
    public Judgement {
        advice = List.copyOf(advice);
    }

    /**
     * Returns the verdict on a score by the measure that decides.
     *
     * @param score the score's values by the measure
     * @param scale the scale of the measure
     * @param search the search of the invariant inputs
     * @param metamers the shared metamers; empty if they are unknown
     */
    public static Judgement of(
            MeasureScore score, Scale scale, SearchQuality search, Optional<SharedMetamers> metamers) {
        int count = search.inversion().count();
        if (search.ignoresNothing()) {
            return new Judgement(
                    Verdict.NOTHING_TO_IGNORE,
                    Optional.empty(),
                    "X' lies within %s of X".formatted(percent(Inversion.SAME_INPUTS)),
                    List.of(Advice.of(Advice.Kind.LATER_LAYER)));
        }
        if (count < Replicates.FEWEST_INPUTS) {
            return undefined(
                    "%d inputs are too few for an interval".formatted(count),
                    new Advice(Advice.Kind.FEWEST_INPUTS, OptionalDouble.of(Replicates.FEWEST_INPUTS)));
        }
        if (search.accepted() < FEWEST) {
            return fewAccepted(search, count);
        }
        var missing = missing(score);
        if (missing.isPresent()) {
            return missing.get();
        }
        var corrected = score.of(Quantity.CORRECTED);
        if (!corrected.isDefined()) {
            return inconclusive(
                    Gap.LOW_CEILING,
                    Gap.LOW_CEILING.problem(),
                    Advice.of(Advice.Kind.LONGER_SEARCH),
                    Advice.of(Advice.Kind.MORE_INPUTS));
        }
        if (corrected.interval().isEmpty()) {
            return withoutInterval("the corrected value");
        }
        var judged = of(score, scale, corrected, corrected.interval().get(), count);
        return judged.word() == Verdict.NEARLY_ALL ? known(Verdict.NEARLY_ALL, upTo(metamers)) : judged;
    }

    /**
     * Returns what a score of nearly all leaves open: a measure that aligns the representations does
     * not see a rotation or an offset of all X', and the shared metamers do.
     */
    private static String upTo(Optional<SharedMetamers> metamers) {
        return metamers.filter(shared -> shared.share() >= FEWEST).isPresent()
                ? ""
                : "up to a rotation or offset: "
                        + metamers.map(shared -> "%s of metamers are shared".formatted(percent(shared.share())))
                                .orElse("the shared metamers are unknown");
    }

    /** Returns the verdict on a score whose values are all defined. */
    private static Judgement of(MeasureScore score, Scale scale, Estimate corrected, Interval interval, int count) {
        double p = score.p().orElse(1);
        if (interval.high() < LITTLE) {
            return known(
                    Verdict.LITTLE,
                    String.format(
                            Locale.ROOT,
                            "corrected interval %s, %s chance (p %s)",
                            text(interval),
                            p <= LEVEL ? "above" : "not above",
                            p < 0.0005 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", p)));
        }
        boolean isAboveChance = p <= LEVEL && interval.low() > 0;
        var inputs = score.of(Quantity.INPUT_SIMILARITY).value();
        var stir = score.stir();
        if (inputs.isPresent() && stir.interval().isPresent()) {
            var toInputs = ToInputs.of(score, scale, inputs.getAsDouble());
            if (toInputs.highest() < 0) {
                return known(
                        Verdict.BELOW_THE_INPUTS,
                        Verdict.BELOW_THE_INPUTS.meaning() + " " + number(inputs.getAsDouble()));
            }
            if (isAboveChance && toInputs.lowest() <= CLEARLY) {
                return inconclusive(
                        Gap.NEAR_INPUTS,
                        Gap.NEAR_INPUTS.problem() + " " + number(inputs.getAsDouble()),
                        toInputs.advice(count));
            }
        }
        if (!isAboveChance) {
            return wideInterval(corrected.value().orElseThrow(), interval, p, count);
        }
        return known(interval.low() > NEARLY_ALL_FROM ? Verdict.NEARLY_ALL : Verdict.PARTLY, "");
    }

    private static Judgement known(Verdict word, String reason) {
        return new Judgement(word, Optional.empty(), reason, List.of());
    }

    /** Returns that a value that the rules need is undefined; empty if none is. */
    private static Optional<Judgement> missing(MeasureScore score) {
        if (!score.stir().isDefined()) {
            return Optional.of(undefined("STIR", score.stir(), Advice.Kind.OTHER_MEASURE));
        }
        var floor = score.of(Quantity.PERMUTATION_FLOOR);
        if (!floor.isDefined()) {
            return Optional.of(undefined("the permutation floor", floor, Advice.Kind.OTHER_MEASURE));
        }
        if (score.permutationTest().isEmpty()) {
            return Optional.of(undefined(
                    "there is no p, because not all rows fit into memory", Advice.of(Advice.Kind.MORE_MEMORY)));
        }
        var ceiling = score.of(Quantity.CEILING);
        if (!ceiling.isDefined()) {
            return Optional.of(undefined("the ceiling", ceiling, Advice.Kind.OTHER_MEASURE));
        }
        if (ceiling.interval().isEmpty()) {
            return Optional.of(withoutInterval("the ceiling"));
        }
        return score.values().containsKey(Quantity.CORRECTED)
                ? Optional.empty()
                : Optional.of(withoutInterval("the corrected value"));
    }

    private static Judgement fewAccepted(SearchQuality search, int count) {
        return inconclusive(
                Gap.FEW_ACCEPTED,
                "only %d of %d %s, %s are needed"
                        .formatted(Math.round(search.accepted() * count), count, succeeded(search), percent(FEWEST)),
                search.acceptance()
                        .flatMap(acceptance ->
                                smallerTolerance(search, acceptance).or(() -> otherSeed(search, acceptance)))
                        .orElseGet(() -> Advice.of(Advice.Kind.LONGER_SEARCH)));
    }

    private static String succeeded(SearchQuality search) {
        boolean isJudged = search.acceptance().isPresent();
        return search.settings().method() instanceof NearestNeighbour nearest && nearest.paired()
                ? isJudged ? "pairs are accepted" : "pairs are within the tolerance"
                : isJudged ? "searches found an accepted input" : "searches converged";
    }

    /**
     * Returns a smaller tolerance, if searches that end at the present tolerance are not accepted;
     * a longer search would also end there.
     */
    private static Optional<Advice> smallerTolerance(SearchQuality search, Acceptance acceptance) {
        double tolerance = search.settings().tolerance();
        double threshold = acceptance.threshold();
        var inputs = acceptance.inputs();
        long ended = IntStream.range(0, inputs.size())
                .filter(i -> !inputs.get(i).accepted())
                .filter(i -> search.inversion().residual(i) <= tolerance)
                .count();
        if (threshold > 0 && threshold <= tolerance) {
            return Optional.of(smallerTolerance(threshold));
        }
        return tolerance > 0 && inputs.size() - ended < FEWEST * inputs.size()
                ? Optional.of(smallerTolerance(tolerance / 2))
                : Optional.empty();
    }

    /**
     * Returns other seeds, if searches hardly come nearer and most of the present seeds are farther
     * from their inputs, in representations, than any two inputs are from each other.
     */
    private static Optional<Advice> otherSeed(SearchQuality search, Acceptance acceptance) {
        var settings = search.settings();
        var trace = search.inversion().trace();
        var otherInput = Seed.Kind.OTHER_INPUT;
        return !trace.isEmpty()
                        && median(trace, 1) > acceptance.different().distance().max()
                        && isStuck(trace)
                        && !settings.seed().equals(otherInput)
                        && settings.allows(SearchOption.SEED, otherInput.text())
                ? Optional.of(Advice.of(Advice.Kind.OTHER_SEED))
                : Optional.empty();
    }

    /** Returns whether the second half of the passes left most of the residual. */
    private static boolean isStuck(List<TracePoint> trace) {
        int passes = trace.get(trace.size() - 1).passes();
        return passes >= FEWEST_PASSES && median(trace, passes) > STUCK * median(trace, passes / 2);
    }

    /** Returns the median residual after the given number of passes or, if unknown, fewer. */
    private static double median(List<TracePoint> trace, int passes) {
        return trace.stream()
                .filter(point -> point.passes() <= Math.max(passes, trace.get(0).passes()))
                .reduce((one, later) -> later)
                .orElseThrow()
                .residual()
                .median();
    }

    /** Returns a tolerance of two digits below a residual. */
    private static Advice smallerTolerance(double residual) {
        double below = new BigDecimal(0.99 * residual)
                .round(new MathContext(2, RoundingMode.FLOOR))
                .doubleValue();
        return new Advice(Advice.Kind.SMALLER_TOLERANCE, OptionalDouble.of(below));
    }

    private static Judgement wideInterval(double value, Interval interval, double p, int count) {
        return interval.low() > 0
                ? inconclusive(
                        Gap.WIDE_INTERVAL,
                        String.format(
                                Locale.ROOT,
                                "p %.2g does not exclude chance, corrected interval %s",
                                p,
                                text(interval)),
                        Advice.of(Advice.Kind.MORE_INPUTS))
                : inconclusive(
                        Gap.WIDE_INTERVAL,
                        "the corrected interval %s includes both chance and 0.25".formatted(text(interval)),
                        moreInputs(count, narrower(value, interval)));
    }

    /**
     * A score and its interval relative to the similarity of the inputs themselves, in shares of
     * the distance from the more similar floor to the ceiling.
     *
     * @param value the value, above 0 if it is more similar than the inputs
     * @param lowest the less similar end of the interval
     * @param highest the more similar end
     */
    private record ToInputs(double value, double lowest, double highest) {
        static ToInputs of(MeasureScore score, Scale scale, double inputs) {
            double ceiling = score.of(Quantity.CEILING).value().orElseThrow();
            double range = ceiling - score.floor(scale).orElseThrow();
            var interval = score.stir().interval().orElseThrow();
            double low = (interval.low() - inputs) / range;
            double high = (interval.high() - inputs) / range;
            double value = (score.stir().value().orElseThrow() - inputs) / range;
            return new ToInputs(value, Math.min(low, high), Math.max(low, high));
        }

        /** Returns more inputs, if the value is on one side of the criterion; or another layer. */
        Advice advice(int count) {
            double more = value > CLEARLY
                    ? (value - lowest) / (value - CLEARLY)
                    : value < 0 ? (highest - value) / -value : Double.POSITIVE_INFINITY;
            return more * more <= MOST_INPUTS ? moreInputs(count, more) : Advice.of(Advice.Kind.LATER_LAYER);
        }
    }

    /**
     * Returns how many times narrower an interval that contains 0 has to be to exclude it, or to
     * lie below {@link #LITTLE}.
     */
    private static double narrower(double value, Interval interval) {
        double above = value > 0 ? (value - interval.low()) / value : Double.POSITIVE_INFINITY;
        double below = value < LITTLE ? (interval.high() - value) / (LITTLE - value) : Double.POSITIVE_INFINITY;
        return Math.min(above, below);
    }

    /**
     * Returns the number of inputs that narrows an interval by a factor: widths fall with the
     * square root of that number.
     */
    private static Advice moreInputs(int count, double narrower) {
        double enough = count * Math.max(narrower * narrower, FEWEST_MORE_INPUTS);
        // Decimal rounding first, so that 22.000000000000004 is not rounded up to 23.
        double advised = new BigDecimal(enough, MathContext.DECIMAL32).round(UP).doubleValue();
        return new Advice(Advice.Kind.MORE_INPUTS, OptionalDouble.of(advised));
    }

    private static Judgement withoutInterval(String value) {
        return undefined(
                value + " has no interval", Advice.of(Advice.Kind.MORE_INPUTS), Advice.of(Advice.Kind.OTHER_MEASURE));
    }

    private static Judgement undefined(String value, Estimate estimate, Advice.Kind advice) {
        return undefined(
                value + " is undefined"
                        + estimate.undefined().map(" (%s)"::formatted).orElse(""),
                Advice.of(advice));
    }

    private static Judgement undefined(String reason, Advice... advice) {
        return inconclusive(Gap.UNDEFINED, reason, advice);
    }

    private static Judgement inconclusive(Gap gap, String reason, Advice... advice) {
        return new Judgement(Verdict.INCONCLUSIVE, Optional.of(gap), reason, List.of(advice));
    }

    private static String text(Interval interval) {
        return "[%s, %s]".formatted(number(interval.low()), number(interval.high()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }

    /** Returns the answer and its reason: {@code INCONCLUSIVE: there is no p}. */
    @Override
    public String toString() {
        return reason.isEmpty() ? word.toString() : word + ": " + reason;
    }

    /** Returns the rules in the order in which they are applied: an answer and its condition. */
    public static List<Rule> rules() {
        var rules = new ArrayList<Rule>();
        rules.add(new Rule(
                Verdict.NOTHING_TO_IGNORE,
                Optional.empty(),
                "The invariant inputs lie within %s of their inputs, on average, and the search could leave them."
                        .formatted(percent(Inversion.SAME_INPUTS))));
        rules.add(inconclusive(
                Gap.UNDEFINED,
                "There are fewer than %d inputs, too few for intervals.".formatted(Replicates.FEWEST_INPUTS)));
        rules.add(inconclusive(
                Gap.FEW_ACCEPTED, "Fewer than %s of the invariant inputs are accepted.".formatted(percent(FEWEST))));
        rules.add(inconclusive(
                Gap.UNDEFINED, "STIR, its ceiling, the permutation floor, an interval or the p-value is undefined."));
        rules.add(inconclusive(Gap.LOW_CEILING, "The ceiling is not clearly above the floor."));
        rules.add(new Rule(
                Verdict.LITTLE,
                Optional.empty(),
                "The corrected interval ends below %s. The reason says whether the score is above chance: the p-value is at most %s."
                        .formatted(LITTLE, LEVEL)));
        rules.add(
                new Rule(
                        Verdict.BELOW_THE_INPUTS,
                        Optional.empty(),
                        "The interval of STIR lies on the less similar side of S(X, X'): the target finds X and X' less similar than they are themselves."));
        rules.add(inconclusive(
                Gap.NEAR_INPUTS,
                "The corrected interval begins above 0, but the interval of STIR is not more similar than S(X, X') by more than %s of the distance from the floor to the ceiling."
                        .formatted(percent(CLEARLY))));
        rules.add(inconclusive(
                Gap.WIDE_INTERVAL,
                "The p-value is above %s or the corrected interval contains 0, and that interval reaches %s."
                        .formatted(LEVEL, LITTLE)));
        rules.add(new Rule(
                Verdict.PARTLY,
                Optional.empty(),
                "The p-value is at most %s, and the corrected interval begins above 0 and not above %s."
                        .formatted(LEVEL, NEARLY_ALL_FROM)));
        rules.add(new Rule(
                Verdict.NEARLY_ALL,
                Optional.empty(),
                "The p-value is at most %s, and the corrected interval begins above %s: up to a rotation or offset, unless at least %s of metamers are shared."
                        .formatted(LEVEL, NEARLY_ALL_FROM, percent(FEWEST))));
        return rules;
    }

    private static Rule inconclusive(Gap gap, String condition) {
        return new Rule(Verdict.INCONCLUSIVE, Optional.of(gap), condition);
    }

    /**
     * A rule.
     *
     * @param word the answer
     * @param gap the kind of reason why it is inconclusive; empty if it is not
     * @param condition the condition under which it is the answer, a sentence
     */
    public record Rule(Verdict word, Optional<Gap> gap, String condition) {}
}
