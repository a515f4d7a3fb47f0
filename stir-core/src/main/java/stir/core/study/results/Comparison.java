package stir.core.study.results;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import stir.api.Caution;
import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.score.CautionFacts;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.RepeatedScore;
import stir.core.score.ScoreSettings;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedSearch;

/**
 * A comparison of two networks in both directions: a study of two networks. Comparisons are equal
 * only if their inputs are the same object; the comparisons of two runs have equal values in {@link
 * DirectedScore#measures}.
 *
 * @param results the study
 * @param aGivenB STIR(a | b): the target is the first network, the reference the second
 * @param bGivenA STIR(b | a): the target is the second network, the reference the first
 * @param differences STIR(a | b) minus STIR(b | a) per measure, on the same inputs and in the first
 *     repeat; absent if a value is missing or there are too few inputs. If the two layers differ in
 *     width, a measure whose value depends on the width (see the cautions) may differ only for this
 *     reason
 * @param cautions reasons why values should not be trusted; reasons for only one direction have the
 *     fact {@link stir.core.score.CautionFacts#DIRECTION}
 * @param settings the requested settings
 * @since 0.1.0
 */
public record Comparison(
        StudyResults results,
        DirectedScore aGivenB,
        DirectedScore bGivenA,
        Map<String, Difference> differences,
        List<Caution> cautions,
        ScoreSettings settings) {
    /**
     * Returns the comparisons that a study of two networks made: one per search.
     *
     * @param results the results, of the experiment {@link Experiment#pair}
     */
    public static List<Comparison> of(StudyResults results) {
        return results.plan().experiment().searches().stream()
                .map(search -> of(results, search))
                .toList();
    }

    private static Comparison of(StudyResults results, StudiedSearch search) {
        var plan = results.plan();
        var a = plan.models().get(0);
        var b = plan.models().get(1);
        var aGivenB = direction(results, a, search);
        var bGivenA = direction(results, b, search);
        var cautions = new LinkedHashSet<Caution>();
        cautions.addAll(results.cautions());
        if (isSameLayer(a, b)) {
            cautions.add(Caution.of("same-layer", Map.of()));
        }
        addOwn(cautions, bGivenA, aGivenB);
        addOwn(cautions, aGivenB, bGivenA);
        return new Comparison(
                results,
                aGivenB,
                bGivenA,
                differences(results, aGivenB),
                List.copyOf(cautions),
                plan.experiment().scoring(search));
    }

    private static boolean isSameLayer(PlannedModel one, PlannedModel other) {
        return !one.sha256().isEmpty()
                && one.sha256().equals(other.sha256())
                && one.layers().equals(other.layers())
                && one.model()
                        .spec()
                        .preprocessing()
                        .equals(other.model().spec().preprocessing())
                && one.model().spec().inputs().equals(other.model().spec().inputs());
    }

    /** Returns the differences of a score and the other direction, by measure. */
    private static Map<String, Difference> differences(StudyResults results, DirectedScore score) {
        var differences = new LinkedHashMap<String, Difference>();
        for (var one : results.differences().all()) {
            if (one.first().equals(PlannedPair.of(score))
                    && one.search().equals(score.search().name())
                    && one.repeat() == score.search().repeat()) {
                differences.put(one.measure(), one.difference());
            }
        }
        return differences;
    }

    /** Adds the cautions of a direction, with its name if the other direction lacks them. */
    private static void addOwn(Set<Caution> cautions, DirectedScore score, DirectedScore other) {
        var direction = score.target().model() + " | " + score.reference().model();
        for (var caution : score.cautions()) {
            if (!cautions.contains(caution)) {
                cautions.add(
                        other.cautions().contains(caution) ? caution : caution.with(CautionFacts.DIRECTION, direction));
            }
        }
    }

    private static DirectedScore direction(StudyResults results, PlannedModel target, StudiedSearch search) {
        var repeats = results.scores().stream()
                .filter(score -> score.target().model().equals(target.name()))
                .filter(score -> score.search().name().equals(search.name()))
                .toList();
        var first = repeats.get(0);
        return repeats.size() == 1 ? first : first.withMeasures(repeated(repeats, results.scales()));
    }

    /** Returns the values of the first search, with the scores of all searches and their mean. */
    private static Map<String, MeasureScore> repeated(List<DirectedScore> repeats, Map<String, Scale> scales) {
        var measures = new LinkedHashMap<>(repeats.get(0).measures());
        measures.replaceAll((measure, score) -> {
            var values = repeats.stream()
                    .flatMapToDouble(repeat -> repeat.stir(measure).value().stream())
                    .boxed()
                    .toList();
            var scale = scales.getOrDefault(measure, Scale.UNIT);
            return values.isEmpty() ? score : score.withRepeats(RepeatedScore.of(values, scale));
        });
        return measures;
    }

    /** Returns the first network. */
    public PlannedModel a() {
        return results.plan().models().get(0);
    }

    /** Returns the second network. */
    public PlannedModel b() {
        return results.plan().models().get(1);
    }

    /** Returns the scale of each measure. */
    public Map<String, Scale> scales() {
        return results.scales();
    }

    /** Returns the two directions. */
    public List<DirectedScore> directions() {
        return List.of(aGivenB, bGivenA);
    }
}
