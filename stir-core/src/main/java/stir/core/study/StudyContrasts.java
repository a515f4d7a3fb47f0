package stir.core.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import stir.api.Experimental;
import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;

/**
 * The scores of two searches, in one study or two, matched by the names of networks, layers and
 * measures.
 *
 * <p>Differences are paired if the two scores are from the same inputs in the same groups;
 * otherwise errors are assumed to be independent ({@link Difference}). Those of one measure are
 * corrected for their number.
 *
 * @param all measure by measure, in the order of the first study
 * @param onlyFirst pairs that are scored only in the first
 * @param onlySecond pairs that are scored only in the second
 * @param leftOut the number of pairs that are not compared, because one of the two searches
 *     returned the inputs themselves ({@link stir.core.inversion.Inversion#ignoresNothing})
 * @param measuresOfOne measures in only one of the two
 * @since 0.1.0
 */
@Experimental
public record StudyContrasts(
        List<StudyContrast> all,
        List<PlannedPair> onlyFirst,
        List<PlannedPair> onlySecond,
        int leftOut,
        List<String> measuresOfOne) {
    /** Copies the lists. */
    public StudyContrasts {
        all = List.copyOf(all);
        onlyFirst = List.copyOf(onlyFirst);
        onlySecond = List.copyOf(onlySecond);
        measuresOfOne = List.copyOf(measuresOfOne);
    }

    /**
     * Compares two searches.
     *
     * @param first a study
     * @param run the run of the first study
     * @param second another study, or the same one
     * @param other a run of the second study
     */
    public static StudyContrasts of(StoredStudy first, StoredStudy.Run run, StoredStudy second, StoredStudy.Run other) {
        var ofFirst = scores(first, run);
        var ofSecond = scores(second, other);
        var matched = new LinkedHashSet<>(ofFirst.keySet());
        matched.retainAll(ofSecond.keySet());
        var compared = new LinkedHashSet<>(matched);
        compared.removeAll(ignoringNothing(ofFirst));
        compared.removeAll(ignoringNothing(ofSecond));
        boolean sameInputs = first.inputFingerprint().equals(second.inputFingerprint());
        var all = new ArrayList<StudyContrast>();
        for (var one : first.measures().entrySet()) {
            var measure = one.getKey();
            var scale = one.getValue();
            if (second.measures().containsKey(measure)) {
                var uncorrected = contrasts(compared, ofFirst, ofSecond, measure, scale, sameInputs);
                all.addAll(corrected(uncorrected));
            }
        }
        return new StudyContrasts(
                all,
                without(ofFirst.keySet(), matched),
                without(ofSecond.keySet(), matched),
                matched.size() - compared.size(),
                inOne(first.measures().keySet(), second.measures().keySet()));
    }

    private static Map<PlannedPair, DirectedScore> scores(StoredStudy study, StoredStudy.Run run) {
        var scores = new LinkedHashMap<PlannedPair, DirectedScore>();
        for (var pair : study.pairs()) {
            study.score(pair, run).ifPresent(score -> scores.put(pair, score));
        }
        return scores;
    }

    private static List<StudyContrast> contrasts(
            Set<PlannedPair> pairs,
            Map<PlannedPair, DirectedScore> first,
            Map<PlannedPair, DirectedScore> second,
            String measure,
            Scale scale,
            boolean sameInputs) {
        var contrasts = new ArrayList<StudyContrast>();
        for (var pair : pairs) {
            var one = estimate(first, pair, measure);
            var other = estimate(second, pair, measure);
            if (one.isPresent() && other.isPresent()) {
                contrasts.add(new StudyContrast(
                        pair, measure, one.get(), other.get(), difference(one.get(), other.get(), scale, sameInputs)));
            }
        }
        return contrasts;
    }

    /** Returns the pairs whose reference ignores nothing. */
    private static Set<PlannedPair> ignoringNothing(Map<PlannedPair, DirectedScore> scores) {
        return scores.values().stream()
                .filter(score -> score.search().ignoresNothing())
                .map(PlannedPair::of)
                .collect(Collectors.toSet());
    }

    private static Optional<Estimate> estimate(
            Map<PlannedPair, DirectedScore> scores, PlannedPair pair, String measure) {
        return Optional.ofNullable(scores.get(pair)).map(score -> score.stir(measure));
    }

    private static Optional<Difference> difference(Estimate one, Estimate other, Scale scale, boolean sameInputs) {
        return (sameInputs ? Difference.paired(one, other, scale) : Optional.<Difference>empty())
                .or(() -> Difference.independent(one, other, scale));
    }

    private static List<StudyContrast> corrected(List<StudyContrast> contrasts) {
        var corrected = Difference.together(contrasts.stream()
                        .flatMap(contrast -> contrast.difference().stream())
                        .toList())
                .iterator();
        return contrasts.stream()
                .map(one -> one.with(one.difference().map(unused -> corrected.next())))
                .toList();
    }

    private static <T> List<T> without(Set<T> all, Set<T> some) {
        return all.stream().filter(one -> !some.contains(one)).toList();
    }

    private static List<String> inOne(Set<String> first, Set<String> second) {
        var inOne = new ArrayList<>(without(first, second));
        inOne.addAll(without(second, first));
        return inOne;
    }
}
