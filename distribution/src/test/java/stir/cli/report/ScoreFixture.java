package stir.cli.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import stir.api.Batch;
import stir.api.Caution;
import stir.api.Layout;
import stir.api.Scale;
import stir.api.Shape;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Interval;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Quantiles;
import stir.core.math.statistics.Replicates;
import stir.core.network.ModelIdentity;
import stir.core.score.Acceptance;
import stir.core.score.DirectedScore;
import stir.core.score.InputOutcome;
import stir.core.score.InputOutcomes;
import stir.core.score.Judgement;
import stir.core.score.MeasureScore;
import stir.core.score.Quantity;
import stir.core.score.ScoreSettings;
import stir.core.score.SearchQuality;
import stir.core.score.SharedMetamers;
import stir.core.score.StudiedLayer;
import stir.core.score.TargetThreshold;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.PluginHashes;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedSearch;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.Comparison;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudyWork;

/**
 * A score of given values by {@link #DEBIASED}, and by biased CKA, which is always 0.46; each of
 * the verdicts follows from one of the constants.
 *
 * @param stir STIR, or NaN where it is undefined; its interval is 0.17 wide to both sides
 * @param correctedLow the lower end of the corrected interval, or NaN where it is undefined
 * @param correctedHigh the upper end
 * @param p the probability of a STIR as similar by chance
 * @param ceiling the ceiling
 * @param inputs S(X, X')
 * @param distance the distance of X' from X
 * @param accepted the number of accepted inputs of {@link #INPUTS}; the others did not converge, if
 *     the threshold is above the tolerance
 * @param threshold the threshold of acceptance
 */
record ScoreFixture(
        double stir,
        double correctedLow,
        double correctedHigh,
        double p,
        double ceiling,
        double inputs,
        double distance,
        int accepted,
        double threshold) {
    static final int INPUTS = 40;

    /** The inputs of which the first are taken. */
    private static final Inputs DIGITS =
            Inputs.of("digits", 500, Shape.of(1, 28, 28), Inputs.of(Batch.allocate(500, Shape.of(1, 28, 28))));

    static final String DEBIASED = "linear-cka-debiased";

    static final ScoreFixture PARTLY = new ScoreFixture(0.361, 0.15, 0.35, 0.001, 1, 0.1, 0.8, INPUTS, 0.155);
    static final ScoreFixture NEARLY_ALL = PARTLY.stir(0.972).corrected(0.93, 1.03);
    static final ScoreFixture LITTLE = PARTLY.stir(-0.019).corrected(-0.1, 0.1).p(0.261);
    static final ScoreFixture LITTLE_ABOVE_CHANCE =
            PARTLY.stir(0.11).corrected(-0.02, 0.18).p(0.005);
    static final ScoreFixture WIDE = PARTLY.stir(0.21).corrected(-0.1, 0.5).p(0.2);
    static final ScoreFixture WIDE_BY_P = PARTLY.stir(0.21).corrected(0.01, 0.5).p(0.261);
    static final ScoreFixture NEAR_INPUTS = PARTLY.inputs(0.41);
    static final ScoreFixture BELOW_INPUTS = PARTLY.inputs(0.6);
    static final ScoreFixture FEW_ACCEPTED = PARTLY.accepted(25);
    static final ScoreFixture LOW_THRESHOLD = FEW_ACCEPTED.threshold(0.00259);
    static final ScoreFixture LOW_CEILING =
            PARTLY.stir(0.061).corrected(Double.NaN, Double.NaN).ceiling(0.07);
    static final ScoreFixture NOTHING_TO_IGNORE =
            NEARLY_ALL.stir(0.999).distance(0.0004).accepted(INPUTS);
    static final ScoreFixture UNDEFINED = PARTLY.stir(Double.NaN).corrected(Double.NaN, Double.NaN);

    /** Returns all of them by their names. */
    static Map<String, ScoreFixture> all() {
        var all = new LinkedHashMap<String, ScoreFixture>();
        all.put("PARTLY", PARTLY);
        all.put("NEARLY_ALL", NEARLY_ALL);
        all.put("LITTLE", LITTLE);
        all.put("LITTLE_ABOVE_CHANCE", LITTLE_ABOVE_CHANCE);
        all.put("WIDE", WIDE);
        all.put("WIDE_BY_P", WIDE_BY_P);
        all.put("NEAR_INPUTS", NEAR_INPUTS);
        all.put("BELOW_INPUTS", BELOW_INPUTS);
        all.put("FEW_ACCEPTED", FEW_ACCEPTED);
        all.put("LOW_THRESHOLD", LOW_THRESHOLD);
        all.put("LOW_CEILING", LOW_CEILING);
        all.put("NOTHING_TO_IGNORE", NOTHING_TO_IGNORE);
        all.put("UNDEFINED", UNDEFINED);
        return all;
    }

    private ScoreFixture stir(double other) {
        return new ScoreFixture(other, correctedLow, correctedHigh, p, ceiling, inputs, distance, accepted, threshold);
    }

    private ScoreFixture corrected(double low, double high) {
        return new ScoreFixture(stir, low, high, p, ceiling, inputs, distance, accepted, threshold);
    }

    private ScoreFixture p(double other) {
        return new ScoreFixture(
                stir, correctedLow, correctedHigh, other, ceiling, inputs, distance, accepted, threshold);
    }

    private ScoreFixture ceiling(double other) {
        return new ScoreFixture(stir, correctedLow, correctedHigh, p, other, inputs, distance, accepted, threshold);
    }

    ScoreFixture inputs(double other) {
        return new ScoreFixture(stir, correctedLow, correctedHigh, p, ceiling, other, distance, accepted, threshold);
    }

    private ScoreFixture distance(double other) {
        return new ScoreFixture(stir, correctedLow, correctedHigh, p, ceiling, inputs, other, accepted, threshold);
    }

    private ScoreFixture accepted(int other) {
        return new ScoreFixture(stir, correctedLow, correctedHigh, p, ceiling, inputs, distance, other, threshold);
    }

    ScoreFixture threshold(double other) {
        return new ScoreFixture(stir, correctedLow, correctedHigh, p, ceiling, inputs, distance, accepted, other);
    }

    private static Estimate estimate(double value, double low) {
        return estimate(value, low, 2 * value - low);
    }

    private static Estimate estimate(double value, double low, double high) {
        return Estimate.of(value, Optional.of(new Interval(low, high, Estimate.LEVEL)));
    }

    /** Returns an estimate whose differences from others are four standard errors wide. */
    private static Estimate withGroups(Estimate of) {
        double value = of.value().orElseThrow();
        var parts = new double[INPUTS];
        for (int i = 0; i < INPUTS; i++) {
            parts[i] = value * (1 + (i % 2 == 0 ? 0.04 : -0.04));
        }
        return new Estimate(
                of.value(),
                of.interval(),
                of.prediction(),
                Optional.of(Replicates.of(Replicates.Scheme.GROUPS, value, parts, INPUTS, 0)),
                of.undefined());
    }

    private MeasureScore debiased() {
        var corrected = Double.isNaN(correctedLow)
                ? Estimate.undefined("It is not above the floor.")
                : estimate((correctedLow + correctedHigh) / 2, correctedLow, correctedHigh);
        return of(
                        Double.isNaN(stir)
                                ? Estimate.undefined("It has no value.")
                                : withGroups(estimate(stir, stir - 0.17)),
                        corrected,
                        estimate(0.6, 0.44))
                .with(Quantity.CEILING, estimate(ceiling, ceiling - 0.01))
                .with(Quantity.INPUT_SIMILARITY, Estimate.of(inputs))
                .withTest(new PermutationFloor(0.012, 0.03, p, 1000));
    }

    private static MeasureScore of(Estimate stir, Estimate corrected, Estimate similarity) {
        return MeasureScore.of(Quantity.STIR, stir)
                .with(Quantity.CORRECTED, corrected)
                .with(Quantity.SIMILARITY, similarity)
                .with(Quantity.CEILING, estimate(1, 0.99))
                .with(Quantity.SEED_FLOOR, estimate(-0.05, -0.1))
                .with(Quantity.PERMUTATION_FLOOR, estimate(0.012, -0.1));
    }

    private Inversion inversion() {
        var acceptedRow = new Inversion.Row(0.0042, 0, 0, 0, 0, distance);
        boolean isAboveThreshold = threshold < acceptedRow.residual();
        var others = isAboveThreshold ? acceptedRow : new Inversion.Row(0.2042, 0, 0, 0, 0, distance);
        var rows = new ArrayList<Inversion.Row>(Collections.nCopies(accepted, acceptedRow));
        rows.addAll(Collections.nCopies(INPUTS - accepted, others));
        return new Inversion(Inputs.of(Batch.allocate(INPUTS, Shape.of(1))), rows, List.of(), false);
    }

    private Acceptance acceptance() {
        var outcomes = new ArrayList<Acceptance.Outcome>();
        for (int i = 0; i < INPUTS; i++) {
            outcomes.add(new Acceptance.Outcome(
                    i < accepted, OptionalDouble.empty(), OptionalInt.empty(), OptionalInt.empty()));
        }
        return new Acceptance(
                new Acceptance.DifferentInputs(
                        INPUTS,
                        1560,
                        Quantiles.of(new double[] {threshold, 0.7, 1}).orElseThrow(),
                        Optional.empty(),
                        Optional.empty()),
                threshold,
                OptionalDouble.of(Acceptance.QUANTILE),
                Optional.empty(),
                outcomes);
    }

    /** Returns the responses of a target that represents 36 of all X' as X. */
    private InputOutcomes outcomes() {
        var inputs = new ArrayList<InputOutcome>();
        for (int i = 0; i < INPUTS; i++) {
            inputs.add(new InputOutcome(
                    OptionalDouble.of(i < 36 ? 0.1 : 0.9),
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    OptionalDouble.empty()));
        }
        return new InputOutcomes(
                inputs,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new TargetThreshold(acceptance().different(), 0.2, 0)));
    }

    /** Returns the score, with its verdict. */
    private DirectedScore score(StudiedLayer target, StudiedLayer reference, InversionSettings settings) {
        var search = new SearchQuality(
                StudiedSearch.of(settings).name(), 1, settings, inversion(), Optional.of(acceptance()));
        var biased = of(estimate(0.46, 0.4), estimate(0.46, 0.4), estimate(0.46, 0.4));
        var measures = new LinkedHashMap<String, MeasureScore>();
        measures.put(ScoreSettings.DEFAULT_MEASURE, biased);
        var debiased = debiased();
        measures.put(DEBIASED, debiased);
        return new DirectedScore(
                target,
                reference,
                search,
                measures,
                Judgement.of(debiased, Scale.UNIT, search, SharedMetamers.of(search.acceptance(), outcomes())),
                outcomes(),
                List.of());
    }

    /** Returns the caution that biased CKA is inflated. */
    static Caution inflated() {
        return Caution.of("biased-by-width", Map.of("inputs", INPUTS, "features", 128L))
                .about(ScoreSettings.DEFAULT_MEASURE);
    }

    /**
     * A network of a comparison.
     *
     * @param name its name
     * @param file its file
     * @param layer the layer that is compared
     */
    record Net(String name, String file, String layer) {
        private PlannedModel planned() {
            var model = StudiedModel.of(name, Path.of(file));
            return new PlannedModel(
                    model,
                    ModelIdentity.of("", "djl"),
                    Shape.of(1, 28, 28),
                    Layout.CHANNELS_FIRST,
                    List.of(new PlannedLayer(layer, Shape.of(32), Optional.empty())),
                    Map.of(),
                    Map.of(),
                    0,
                    Optional.empty(),
                    List.of(),
                    Optional.empty());
        }

        private StudiedLayer at() {
            return new StudiedLayer(name, layer);
        }
    }

    /**
     * Returns a study of networks n0, n1 and so on.
     *
     * @param cells the scores: a row per target, a column per reference
     */
    static StudyResults study(List<List<ScoreFixture>> cells) {
        return study(cells, InversionSettings.of(Optimizer.THOROUGH.method()));
    }

    /** Returns a study with these settings of its search. */
    static StudyResults study(List<List<ScoreFixture>> cells, InversionSettings settings) {
        var nets = new ArrayList<Net>();
        for (int i = 0; i < cells.size(); i++) {
            nets.add(new Net("n" + i, "n%d.pt".formatted(i), "fc1"));
        }
        var pairs = new ArrayList<PlannedPair>();
        var scores = new ArrayList<DirectedScore>();
        for (int reference = 0; reference < nets.size(); reference++) {
            for (int target = 0; target < nets.size(); target++) {
                var m = nets.get(reference).at();
                var t = nets.get(target).at();
                pairs.add(new PlannedPair(m, t));
                scores.add(cells.get(target).get(reference).score(t, m, settings));
            }
        }
        return results(nets, pairs, scores, settings);
    }

    private static StudyResults results(
            List<Net> nets, List<PlannedPair> pairs, List<DirectedScore> scores, InversionSettings settings) {
        var models = nets.stream().map(Net::planned).toList();
        var experiment = Experiment.builder(
                        InputsSpec.of(Path.of("digits")),
                        models.stream().map(PlannedModel::model).toList())
                .measures(List.of(ScoreSettings.DEFAULT_MEASURE, DEBIASED))
                .searches(List.of(StudiedSearch.of(settings)))
                .build();
        var plan = new StudyPlan(experiment, DIGITS.limit(INPUTS), "", Map.of(), PluginHashes.NONE, models, pairs);
        var scales = new LinkedHashMap<String, Scale>();
        scales.put(ScoreSettings.DEFAULT_MEASURE, Scale.UNIT);
        scales.put(DEBIASED, Scale.UNIT);
        return StudyResults.of(
                plan, scores, List.of(), scales, new StudyWork(plan.inversions(), 0, plan.comparisons(), 0));
    }

    /** Returns the comparison of two networks by a thorough search. */
    static Comparison comparison(ScoreFixture aGivenB, ScoreFixture bGivenA, Net a, Net b) {
        return comparison(aGivenB, bGivenA, a, b, InversionSettings.of(Optimizer.THOROUGH.method()));
    }

    /** Returns the comparison of two networks: the scores of each as the target. */
    static Comparison comparison(ScoreFixture aGivenB, ScoreFixture bGivenA, Net a, Net b, InversionSettings settings) {
        var pair = new PlannedPair(b.at(), a.at());
        var scores = List.of(aGivenB.score(a.at(), b.at(), settings), bGivenA.score(b.at(), a.at(), settings));
        var results = results(List.of(a, b), List.of(pair, pair.turned()), scores, settings);
        var difference = new Difference(0.342, new Interval(0.12, 0.56, Estimate.LEVEL), 0.0042, 0.0042, true);
        return new Comparison(
                results,
                scores.get(0),
                scores.get(1),
                Map.of(DEBIASED, difference),
                List.of(inflated()),
                ScoreSettings.DEFAULT.withInversion(settings));
    }
}
