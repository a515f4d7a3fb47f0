package stir.core.study.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.PermutationFloor;
import stir.core.math.statistics.Shuffled;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;

/**
 * The p-values of the scores of a study that take into account that there are many of them, and the
 * best scores: of the whole study, and of the layers of each pair of networks. Scores of a network
 * given itself are left out, and so are those of references that ignore nothing. An inconclusive
 * score ({@link DirectedScore#isLeftOut}) is not the best.
 *
 * @param probabilities the p-values by score
 * @param ofStudy the best score of each measure, search and repeat
 * @param ofLayers the best of the layers of each pair of networks with several
 * @since 0.1.0
 */
public record BestScores(Map<Key, Probabilities> probabilities, List<BestScore> ofStudy, List<BestScore> ofLayers) {
    /** Copies the lists. */
    public BestScores {
        probabilities = Map.copyOf(probabilities);
        ofStudy = List.copyOf(ofStudy);
        ofLayers = List.copyOf(ofLayers);
    }

    /** A score by one measure. */
    public record Key(PlannedPair pair, String search, int repeat, String measure) {}

    /**
     * The p-values of a score among many.
     *
     * @param corrected p corrected for the number of scores (Holm)
     * @param maximum p of the maximum of the scores over the same permutations
     */
    public record Probabilities(double corrected, double maximum) {}

    private record Tested(Key key, double stir, boolean isLeftOut, PermutationFloor test, Shuffled shuffled) {}

    /**
     * Returns the p-values of some scores; of scores without stored permutations there are none.
     *
     * @param scales the scales of the measures
     */
    public static BestScores of(List<DirectedScore> scores, Map<String, Scale> scales) {
        var probabilities = new LinkedHashMap<Key, Probabilities>();
        var ofStudy = new ArrayList<BestScore>();
        var ofLayers = new ArrayList<BestScore>();
        for (var measure : scales.entrySet()) {
            boolean isLarger = measure.getValue().largerIsMoreSimilar();
            var tested = scores.stream()
                    .flatMap(one -> tested(one, measure.getKey()).stream())
                    .toList();
            for (var family : families(tested, one -> List.of())) {
                var ofFamily = probabilities(family, isLarger);
                for (int i = 0; i < family.size(); i++) {
                    probabilities.put(family.get(i).key, ofFamily.get(i));
                }
                best(family, ofFamily, isLarger).ifPresent(ofStudy::add);
            }
            for (var family : families(tested, BestScores::networks)) {
                if (family.size() > 1) {
                    best(family, probabilities(family, isLarger), isLarger).ifPresent(ofLayers::add);
                }
            }
        }
        return new BestScores(probabilities, ofStudy, ofLayers);
    }

    /** Returns the p-values of a score; empty if it has none. */
    public Optional<Probabilities> of(DirectedScore score, String measure) {
        return Optional.ofNullable(probabilities.get(key(score, measure)));
    }

    private static Key key(DirectedScore score, String measure) {
        var search = score.search();
        return new Key(PlannedPair.of(score), search.name(), search.repeat(), measure);
    }

    private static Optional<Tested> tested(DirectedScore score, String measure) {
        var stir = score.stir(measure).value();
        if (stir.isEmpty()
                || score.search().ignoresNothing()
                || score.target().model().equals(score.reference().model())) {
            return Optional.empty();
        }
        return score.of(measure)
                .permutationTest()
                .flatMap(test -> test.shuffled()
                        .map(values ->
                                new Tested(key(score, measure), stir.getAsDouble(), score.isLeftOut(), test, values)));
    }

    private static List<String> networks(Tested one) {
        return List.of(one.key.pair.target().model(), one.key.pair.reference().model());
    }

    /** Returns the scores of each search and repeat that agree in something else. */
    private static List<List<Tested>> families(List<Tested> scores, Function<Tested, List<String>> by) {
        var families = new LinkedHashMap<List<Object>, List<Tested>>();
        for (var one : scores) {
            families.computeIfAbsent(
                            List.of(one.key.search, one.key.repeat, by.apply(one)), unused -> new ArrayList<>())
                    .add(one);
        }
        return List.copyOf(families.values());
    }

    private static List<Probabilities> probabilities(List<Tested> family, boolean isLarger) {
        var maximum = Shuffled.ofMaximum(
                family.stream().mapToDouble(Tested::stir).toArray(),
                family.stream().map(Tested::shuffled).toList(),
                isLarger);
        var corrected = Difference.corrected(
                family.stream().mapToDouble(one -> one.test.pValue()).toArray());
        var all = new ArrayList<Probabilities>();
        for (int i = 0; i < family.size(); i++) {
            all.add(new Probabilities(corrected[i], maximum[i]));
        }
        return all;
    }

    /**
     * Returns the best score that is not left out; its p-values are those among all, which holds for
     * a choice among fewer, too.
     */
    private static Optional<BestScore> best(List<Tested> family, List<Probabilities> probabilities, boolean isLarger) {
        int best = -1;
        int leftOut = 0;
        for (int i = 0; i < family.size(); i++) {
            if (family.get(i).isLeftOut) {
                leftOut++;
            } else if (best < 0
                    || (isLarger
                            ? family.get(i).stir > family.get(best).stir
                            : family.get(i).stir < family.get(best).stir)) {
                best = i;
            }
        }
        if (best < 0) {
            return Optional.empty();
        }
        var one = family.get(best);
        return Optional.of(new BestScore(
                one.key.measure,
                one.key.search,
                one.key.repeat,
                one.key.pair,
                one.stir,
                family.size(),
                leftOut,
                one.test.pValue(),
                probabilities.get(best).corrected,
                probabilities.get(best).maximum));
    }
}
