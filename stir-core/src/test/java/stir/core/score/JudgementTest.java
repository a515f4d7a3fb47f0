package stir.core.score;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.score.ScoreFixture.PARTLY;
import static stir.core.score.ScoreFixture.estimate;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import stir.api.Norm;
import stir.api.Scale;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Optimizer;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.TracePoint;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Summary;

class JudgementTest {
    /** Returns the gap of an inconclusive answer, and the answer otherwise. */
    private static String answer(Judgement judged) {
        assertEquals(judged.word() == Verdict.INCONCLUSIVE, judged.gap().isPresent());
        return judged.gap().map(Gap::name).orElse(judged.word().name());
    }

    private static String advice(Judgement judged) {
        return judged.advice().stream().map(Advice::text).collect(Collectors.joining("; "));
    }

    /**
     * One row per rule: the distance from the inputs, how many converged and are accepted (-1: it
     * is unknown), the p-value, and the corrected interval.
     */
    @ParameterizedTest
    @CsvSource({
        "0.01, 20, 20, 0.001, 0.95, 0.99, NOTHING_TO_IGNORE",
        "0.02, 0, 0, 0.9, -0.1, 0.1, NOTHING_TO_IGNORE",
        "0.021, 20, 20, 0.001, 0.95, 0.99, NEARLY_ALL",
        "0.5, 20, 17, 0.001, 0.95, 0.99, FEW_ACCEPTED",
        "0.5, 17, -1, 0.001, 0.95, 0.99, FEW_ACCEPTED",
        "0.5, 18, -1, 0.001, 0.95, 0.99, NEARLY_ALL",
        "0.5, 0, 18, 0.001, 0.95, 0.99, NEARLY_ALL",
        "NaN, 0, 20, 0.001, 0.91, 1.1, NEARLY_ALL",
        "0.5, 0, 20, 0.001, 0.9, 1.1, PARTLY",
        "0.5, 0, 20, 0.05, 0.01, 0.5, PARTLY",
        "0.5, 0, 20, 0.051, 0.01, 0.5, WIDE_INTERVAL",
        "0.5, 0, 20, 0.05, 0.01, 0.24, LITTLE",
        "0.5, 0, 20, 0.051, 0.01, 0.24, LITTLE",
        "0.5, 0, 20, 0.001, 0.0, 0.5, WIDE_INTERVAL",
        "0.5, 0, 20, 0.001, 0.0, 0.49, WIDE_INTERVAL",
        "0.5, 0, 20, 0.001, 0.0, 0.25, WIDE_INTERVAL",
        "0.5, 0, 20, 0.001, 0.0, 0.249, LITTLE",
        "0.5, 0, 20, 0.9, -0.2, 0.26, WIDE_INTERVAL",
        "0.5, 0, 20, 0.9, -0.2, 0.24, LITTLE",
        "0.5, 0, 20, 0.9, -0.2, 1.5, WIDE_INTERVAL"
    })
    void theRulesAreAppliedInTheirOrder(
            double distance, int converged, int accepted, double p, double low, double high, String expected) {
        var judged = PARTLY.distance(distance)
                .converged(converged, accepted < 0 ? OptionalInt.empty() : OptionalInt.of(accepted))
                .p(p)
                .corrected(low, high)
                .judged();
        assertEquals(expected, answer(judged));
        assertEquals(
                List.of("LITTLE", "PARTLY", "NEARLY_ALL").contains(expected),
                judged.word().isKnown());
    }

    /**
     * The similarity of the inputs themselves, the score with its interval, the ceiling, the floor,
     * and the lower end of the corrected interval; the last four are distances.
     */
    @ParameterizedTest
    @CsvSource({
        "0.84, 0.9, 0.85, 0.95, 0.99, 0.1, 0.5, PARTLY",
        "0.85, 0.9, 0.85, 0.95, 0.99, 0.1, 0.5, NEAR_INPUTS",
        "0.95, 0.9, 0.85, 0.95, 0.99, 0.1, 0.5, NEAR_INPUTS",
        "0.96, 0.9, 0.85, 0.95, 0.99, 0.1, 0.5, BELOW_THE_INPUTS",
        "0.97, 0.9, 0.85, 0.95, 0.99, 0.1, 0.95, BELOW_THE_INPUTS",
        "0.60, 0.22, 0.09, 0.35, 0.99, 0.1, -0.02, BELOW_THE_INPUTS",
        "0.34, 0.22, 0.09, 0.35, 0.99, 0.1, 0.06, NEAR_INPUTS",
        "0.9999914, 0.9999984, 0.9999979, 0.9999989, 0.9999996, 0.001, 0.9999983, NEAR_INPUTS",
        "0.98, 0.999, 0.989, 0.9999, 0.9999, 0.0, 0.99, NEAR_INPUTS",
        "0.98, 0.999, 0.991, 0.9999, 0.9999, 0.0, 0.99, NEARLY_ALL",
        "0.97, 0.12, 0.09, 0.15, 0.99, 0.1, -0.01, LITTLE",
        "NaN, 0.9, 0.85, 0.95, 0.99, 0.1, 0.95, NEARLY_ALL",
        "0.16, 0.1, 0.05, 0.15, 0.01, 0.9, 0.5, PARTLY",
        "0.14, 0.1, 0.05, 0.15, 0.01, 0.9, 0.5, NEAR_INPUTS",
        "0.04, 0.1, 0.05, 0.15, 0.01, 0.9, 0.5, BELOW_THE_INPUTS",
        "0.0100002, 0.0100001, 0.01, 0.0100001, 0.01, 0.9, 0.99, NEAR_INPUTS"
    })
    void aScoreIsComparedWithTheInputsThemselves(
            double inputs,
            double stir,
            double low,
            double high,
            double ceiling,
            double floor,
            double corrected,
            String expected) {
        var score = score(estimate(stir, low, high), ceiling, floor)
                .with(
                        Quantity.CORRECTED,
                        estimate(corrected + 0.1, corrected, corrected + (corrected < 0 && stir < 0.2 ? 0.2 : 0.3)));
        var judged = (Double.isNaN(inputs) ? score : score.with(Quantity.INPUT_SIMILARITY, Estimate.of(inputs)))
                .judged(scale(ceiling, floor));
        assertEquals(expected, answer(judged));
        assertEquals(!expected.equals("NEAR_INPUTS"), judged.word().isKnown());
    }

    /** A share of the distance from the more similar floor, as the corrected value is. */
    @ParameterizedTest
    @CsvSource({
        "0.98, 0.999, 0.989, 1, 0.99, 0.0, 0.8, NEARLY_ALL",
        "0.98, 0.999, 0.989, 1, 0.99, 0.0, -0.5, NEAR_INPUTS",
        "0.98, 0.999, 0.989, 1, 0.99, 0.8, 0.0, NEARLY_ALL",
        "0.0103, 0.01005, 0.01, 0.0101, 0.01, 0.9, 0.02, NEARLY_ALL",
        "0.0103, 0.01005, 0.01, 0.0101, 0.01, 0.9, 0.9, NEAR_INPUTS"
    })
    void theDistanceFromTheInputsIsAShareOfThatFromTheMoreSimilarFloor(
            double inputs,
            double stir,
            double low,
            double high,
            double ceiling,
            double permutationFloor,
            double seedFloor,
            String expected) {
        var judged = score(estimate(stir, low, high), ceiling, permutationFloor)
                .with(Quantity.SEED_FLOOR, Estimate.of(seedFloor))
                .with(Quantity.INPUT_SIMILARITY, Estimate.of(inputs))
                .corrected(0.95, 0.99)
                .judged(scale(ceiling, permutationFloor));
        assertEquals(expected, answer(judged));
    }

    private static ScoreFixture score(Estimate stir, double ceiling, double floor) {
        return PARTLY.with(Quantity.STIR, stir)
                .with(Quantity.CEILING, estimate(ceiling, ceiling - 0.001, ceiling + 0.001))
                .with(Quantity.PERMUTATION_FLOOR, Estimate.of(floor));
    }

    /** Where the floor is above the ceiling, the values are distances. */
    private static Scale scale(double ceiling, double floor) {
        return floor > ceiling ? Scale.distance(1) : Scale.UNIT;
    }

    @Test
    void littleIsClaimedOnlyBelowAQuarterAndNamesTheBound() {
        assertEquals(
                "LITTLE: corrected interval [-0.10, 0.24], not above chance (p 0.400)",
                PARTLY.p(0.4).corrected(-0.1, 0.24).judged().toString());
        assertEquals(List.of(), PARTLY.p(0.4).corrected(-0.1, 0.24).judged().advice());
        assertEquals(
                "INCONCLUSIVE: the corrected interval [-0.10, 0.26] includes both chance and 0.25",
                PARTLY.p(0.4).corrected(-0.1, 0.26).judged().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.05 | above chance (p 0.050)",
                "0.051 | not above chance (p 0.051)",
                "0.0004 | above chance (p < 0.001)"
            })
    void whetherLittleIsAboveChanceIsDecidedByPAlone(double p, String expected) {
        assertEquals(
                "LITTLE: corrected interval [0.01, 0.24], " + expected,
                PARTLY.p(p).corrected(0.01, 0.24).judged().toString());
        assertTrue(PARTLY.p(p).corrected(-0.1, 0.24).judged().reason().endsWith(expected));
    }

    /** How many of 20 metamers are shared; -1: it is unknown. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "18 | NEARLY ALL",
                "17 | NEARLY ALL: up to a rotation or offset: 85 % of metamers are shared",
                "0 | NEARLY ALL: up to a rotation or offset: 0 % of metamers are shared",
                "-1 | NEARLY ALL: up to a rotation or offset: the shared metamers are unknown"
            })
    void nearlyAllIsUpToARotationOrOffsetUnlessMetamersAreShared(int shared, String expected) {
        var score = PARTLY.corrected(0.95, 0.99);
        var metamers = shared < 0 ? Optional.<SharedMetamers>empty() : Optional.of(new SharedMetamers(shared, 20, 0));
        assertEquals(
                expected,
                Judgement.of(score.values(), Scale.UNIT, score.search(), metamers)
                        .toString());
        assertEquals(
                "PARTLY",
                Judgement.of(PARTLY.values(), Scale.UNIT, PARTLY.search(), metamers)
                        .toString());
    }

    /**
     * The number of inputs, the corrected value with its interval, and the advised number: the
     * width falls with the root of the number, until the interval excludes 0, or ends at a quarter.
     */
    @ParameterizedTest
    @CsvSource({
        // 0.465 above -0.055, and 0.305 are allowed: 12 (0.465 / 0.305)^2 = 27.9
        "12, -0.055, -0.52, 0.41, about 28 inputs",
        // 0.2 below 0.1, and 0.1 are allowed; 0.2 above, and 0.15 are allowed: 20 (4 / 3)^2 = 35.6
        "20, 0.1, -0.1, 0.3, about 36 inputs",
        // 0.6 below 0.5, and 0.5 are allowed: 100 (6 / 5)^2 = 144
        "100, 0.5, -0.1, 1.1, about 150 inputs",
        // 10 times as wide as allowed: 100 times as many
        "5, 0, -2.5, 2.5, about 500 inputs",
        // As wide as allowed: a tenth more, which is 22 and not 22.000000000000004
        "20, 0.125, 0, 0.25, about 22 inputs"
    })
    void aWideIntervalAsksForInputsByItsWidth(int count, double value, double low, double high, String expected) {
        var judged = PARTLY.count(count)
                .p(0.3)
                .with(Quantity.CORRECTED, estimate(value, low, high))
                .judged();
        assertEquals("WIDE_INTERVAL", answer(judged));
        assertEquals(expected, advice(judged));
    }

    @Test
    void chanceThatOnlyPDoesNotExcludeAsksForMoreInputsWithoutANumber() {
        var judged = PARTLY.p(0.051).corrected(0.01, 0.5).judged();
        assertEquals(
                "INCONCLUSIVE: p 0.051 does not exclude chance, corrected interval [0.01, 0.50]", judged.toString());
        assertEquals("more inputs", advice(judged));
    }

    @Test
    void aScoreBelowTheInputsThemselvesIsSettled() {
        var judged = PARTLY.with(Quantity.STIR, estimate(0.22, 0.09, 0.35))
                .with(Quantity.INPUT_SIMILARITY, Estimate.of(0.6))
                .p(0.4)
                .corrected(-0.02, 0.28)
                .judged();
        assertEquals("BELOW THE INPUTS: less similar than X and X' themselves, S(X, X') 0.60", judged.toString());
        assertTrue(judged.word().isKnown());
        assertEquals(List.of(), judged.advice());
    }

    /**
     * The similarity of the inputs themselves for a score of 0.9 [0.85, 0.95] with a ceiling of 1
     * and a floor of 0.
     */
    @ParameterizedTest
    @CsvSource({
        // 0.05 above, of which 0.04 are clear, and the interval reaches 0.05: 20 (5 / 4)^2 = 31.3
        "0.85, about 32 inputs",
        // 0.02 above, of which 0.01 are clear: 20 * 25 is more than 20 times as many
        "0.88, a later layer of the reference",
        // 0.005 above is never clear
        "0.895, a later layer of the reference",
        // 0.04 below, and the interval reaches 0.05: 20 (5 / 4)^2
        "0.94, about 32 inputs",
        "0.91, a later layer of the reference"
    })
    void aScoreNearTheInputsThemselvesAsksForInputsOrAnotherLayer(double inputs, String expected) {
        var judged = PARTLY.with(Quantity.STIR, estimate(0.9, 0.85, 0.95))
                .with(Quantity.CEILING, estimate(1, 0.99, 1))
                .with(Quantity.PERMUTATION_FLOOR, Estimate.of(0))
                .with(Quantity.INPUT_SIMILARITY, Estimate.of(inputs))
                .judged();
        assertEquals("NEAR_INPUTS", answer(judged));
        assertEquals(
                "not clearly more similar than X and X' themselves, S(X, X') %.2f".formatted(inputs), judged.reason());
        assertEquals(expected, advice(judged));
    }

    @Test
    void searchesThatDidNotEndAskForALongerSearchAndOthersForASmallerTolerance() {
        var few = PARTLY.converged(5, OptionalInt.of(17));
        var untilTolerance = InversionSettings.PUBLISHED.with(SearchOption.TOLERANCE, "0.3");
        var longer = few.threshold(0.31).settings(untilTolerance).converged(17, OptionalInt.of(17));
        // Residuals of 0.3 have reached the tolerance of 0.3, and only the classes differ.
        assertEquals("a tolerance of 0.14", advice(longer.judged()));
        var strict = InversionSettings.PUBLISHED.with(SearchOption.TOLERANCE, "0.2");
        assertEquals("a longer search", advice(longer.settings(strict).judged()));
        for (var search : List.of(few.settings(untilTolerance), few.settings(strict))) {
            var judged = search.threshold(0.25).judged();
            assertEquals("FEW_ACCEPTED", answer(judged));
            assertEquals("only 17 of 20 searches found an accepted input, 90 % are needed", judged.reason());
            assertEquals(
                    search.settings().equals(untilTolerance) ? "a tolerance of 0.24" : "a longer search",
                    advice(judged));
        }
        // The threshold at the tolerance, and just above it.
        assertEquals(
                "a tolerance of 0.29",
                advice(few.settings(untilTolerance).threshold(0.3).judged()));
        var pairs = InversionSettings.of(new NearestNeighbour(Norm.L2, Optional.empty(), true));
        assertEquals(
                "only 17 of 20 pairs are accepted, 90 % are needed",
                few.settings(pairs).judged().reason());
        var unknown = few.converged(17, OptionalInt.empty()).judged();
        assertEquals("only 17 of 20 searches converged, 90 % are needed", unknown.reason());
        assertEquals("a longer search", advice(unknown));
    }

    @Test
    void anAlmostSufficientShareThatEndedDoesNotAskForASmallerTolerance() {
        var search = InversionSettings.PUBLISHED.with(SearchOption.TOLERANCE, "0.1");
        // Of 20, 2 ended and are not accepted: all others could be, which would suffice.
        var two = PARTLY.settings(search).converged(17, OptionalInt.of(15));
        assertEquals("a longer search", advice(two.judged()));
        // 3 ended and are not accepted: not all others are enough.
        var three = PARTLY.settings(search).converged(18, OptionalInt.of(15));
        assertEquals("a tolerance of 0.049", advice(three.judged()));
    }

    @ParameterizedTest
    @CsvSource({
        "0.51, 0.2, 0.16, 16, super-noise, other inputs as seeds",
        "0.5, 0.2, 0.16, 16, super-noise, a longer search",
        "0.51, 0.2, 0.15, 16, super-noise, a longer search",
        "0.51, 0.2, 0.16, 12, super-noise, a longer search",
        "3, 0.2, 0.16, 16, other-input, a longer search"
    })
    void otherSeedsAreAdvisedToASearchThatIsStuckFarFromAllInputs(
            double first, double half, double last, int passes, String seed, String expected) {
        var few = PARTLY.converged(0, OptionalInt.of(0));
        var search = few.settings(few.settings().withSeed(Seed.parse(seed))).search();
        var inversion = search.inversion();
        var trace = List.of(
                new TracePoint(1, new Summary(9, first, 9)),
                new TracePoint(passes / 2, new Summary(9, half, 9)),
                new TracePoint(passes - 1, new Summary(9, last, 9)),
                new TracePoint(passes, new Summary(9, last, 9)));
        var traced = new SearchQuality(
                search.name(),
                1,
                search.settings(),
                new Inversion(inversion.invariantInputs(), inversion.rows(), trace, false),
                search.acceptance());
        assertEquals(expected, advice(Judgement.of(few.values(), Scale.UNIT, traced, Optional.empty())));
    }

    @Test
    void tooFewInputsAskForInputsAndNeverForALongerSearch() {
        for (var accepted : List.of(OptionalInt.of(0), OptionalInt.of(3), OptionalInt.empty())) {
            var judged = PARTLY.count(3).converged(0, accepted).judged();
            assertEquals("UNDEFINED", answer(judged));
            assertEquals("3 inputs are too few for an interval", judged.reason());
            assertEquals("at least 5 inputs", advice(judged));
        }
        assertEquals("UNDEFINED", answer(PARTLY.count(4).judged()));
        assertEquals("PARTLY", answer(PARTLY.count(5).judged()));
    }

    /** A missing value, the reason and the advice. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STIR | STIR is undefined (All rows are alike.) | another measure",
                "CEILING | the ceiling is undefined (All rows are alike.) | another measure",
                "PERMUTATION_FLOOR | the permutation floor is undefined (All rows are alike.) | another measure",
                "CORRECTED | the ceiling is not clearly above the floor | a longer search; more inputs"
            })
    void anUndefinedValueIsNamedWithItsReason(Quantity quantity, String reason, String advice) {
        var undefined =
                PARTLY.with(quantity, Estimate.undefined("All rows are alike.")).judged();
        assertEquals(reason, undefined.reason());
        assertEquals(advice, advice(undefined));
        assertEquals(quantity == Quantity.CORRECTED ? "LOW_CEILING" : "UNDEFINED", answer(undefined));
    }

    @ParameterizedTest
    @EnumSource(
            value = Quantity.class,
            names = {"STIR", "CEILING", "PERMUTATION_FLOOR", "CORRECTED"})
    void aValueThatIsNotKnownIsUndefined(Quantity quantity) {
        assertEquals("UNDEFINED", answer(PARTLY.without(quantity).judged()));
        assertEquals(
                "UNDEFINED", answer(Judgement.of(MeasureScore.NONE, Scale.UNIT, PARTLY.search(), Optional.empty())));
        assertEquals("PARTLY", answer(PARTLY.without(Quantity.SEED_FLOOR).judged()));
    }

    @Test
    void missingIntervalsAndPAreUndefined() {
        assertEquals(
                "INCONCLUSIVE: the ceiling has no interval",
                PARTLY.with(Quantity.CEILING, Estimate.of(0.99)).judged().toString());
        assertEquals(
                "INCONCLUSIVE: the corrected value has no interval",
                PARTLY.with(Quantity.CORRECTED, Estimate.of(0.5)).judged().toString());
        assertEquals(
                "more inputs; another measure",
                advice(PARTLY.with(Quantity.CORRECTED, Estimate.of(0.5)).judged()));
        var judged = PARTLY.with(Quantity.CEILING, Estimate.of(0.99)).withoutP().judged();
        assertEquals("there is no p, because not all rows fit into memory", judged.reason());
        assertEquals("a higher memory limit", advice(judged));
        assertEquals("UNDEFINED", answer(judged));
    }

    @Test
    void aMissingFloorDoesNotShowALowCeiling() {
        var undefined = Estimate.undefined("Neither floor is defined.");
        var none = PARTLY.with(Quantity.CORRECTED, undefined);
        assertEquals("LOW_CEILING", answer(none.judged()));
        assertEquals(
                "UNDEFINED", answer(none.without(Quantity.PERMUTATION_FLOOR).judged()));
        assertEquals(
                "UNDEFINED",
                answer(none.with(Quantity.SEED_FLOOR, undefined)
                        .with(Quantity.PERMUTATION_FLOOR, undefined)
                        .judged()));
    }

    @ParameterizedTest
    @CsvSource({
        "SEED, light-noise:0.001, NEARLY_ALL",
        "BALL, l2:0.01@input, NEARLY_ALL",
        "SEED, uniform, NOTHING_TO_IGNORE"
    })
    void aSearchThatCouldNotLeaveItsInputsDoesNotShowThatThereIsNothingToIgnore(
            SearchOption option, String value, String expected) {
        var score = PARTLY.distance(0.001).corrected(0.95, 0.99);
        var search = InversionSettings.PUBLISHED.with(option, value);
        assertEquals(expected, answer(score.settings(search).judged()));
        var nearest = InversionSettings.of(Optimizer.CANDIDATES.method());
        assertEquals("NEARLY_ALL", answer(score.settings(nearest).judged()));
        var given = PARTLY.settings().withSeed(new Seed.Given(Path.of("seeds.npy")));
        assertEquals("NEARLY_ALL", answer(score.settings(given).judged()));
    }

    @Test
    void nothingToIgnoreAsksForALaterLayer() {
        var judged = PARTLY.distance(0.01).judged();
        assertEquals("NOTHING TO IGNORE: X' lies within 2 % of X", judged.toString());
        assertEquals("a later layer of the reference", advice(judged));
        assertFalse(judged.word().isKnown());
    }

    @Test
    void theShareThatIsAcceptedNeedsAnOutcome() {
        var different = PARTLY.search().acceptance().orElseThrow().different();
        assertThrows(
                IllegalArgumentException.class,
                () -> new Acceptance(different, 0.25, OptionalDouble.empty(), Optional.empty(), List.of()));
    }

    @Test
    void theDebiasedMeasureDecidesWhereItIsPresent() {
        assertEquals("linear-cka-debiased", Verdict.measure(List.of("cca", "linear-cka-debiased")));
        assertEquals("cca", Verdict.measure(List.of("cca", "linear-cka")));
    }

    @Test
    void everyAnswerAndGapHasARule() {
        var rules = Judgement.rules();
        assertEquals(
                EnumSet.allOf(Verdict.class),
                EnumSet.copyOf(rules.stream().map(Judgement.Rule::word).toList()));
        assertEquals(
                List.of(Gap.values()),
                rules.stream().flatMap(rule -> rule.gap().stream()).distinct().toList(),
                "in the order of the rules");
        for (var rule : rules) {
            assertEquals(rule.word() == Verdict.INCONCLUSIVE, rule.gap().isPresent());
            assertTrue(rule.condition().endsWith("."), rule.condition());
        }
    }

    @Test
    void wordsAreThoseOfEveryOutputInEveryLocale() {
        assertEquals("BELOW THE INPUTS", Verdict.BELOW_THE_INPUTS.toString());
        assertEquals("few_accepted", Gap.FEW_ACCEPTED.toString());
        var before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertEquals("about 120 inputs", new Advice(Advice.Kind.MORE_INPUTS, OptionalDouble.of(120)).text());
            assertEquals("at least 5 inputs", new Advice(Advice.Kind.FEWEST_INPUTS, OptionalDouble.of(5)).text());
        } finally {
            Locale.setDefault(before);
        }
    }
}
