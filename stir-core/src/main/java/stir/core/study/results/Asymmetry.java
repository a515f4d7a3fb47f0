package stir.core.study.results;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;

/**
 * The difference between the two directions of a pair, {@code STIR(t | m) - STIR(m | t)}.
 *
 * @param first the index of the score that is larger
 * @param second the index of the score of the other direction
 * @param difference the first score minus the second
 * @since 0.1.0
 */
public record Asymmetry(int first, int second, Difference difference) {
    /**
     * Returns the differences of all pairs with scores in both directions; their p-values are
     * corrected for the number of these pairs.
     *
     * @param scores the scores of one search and repeat, of references that ignore something
     * @param measure the measure whose values are compared
     */
    public static List<Asymmetry> of(List<DirectedScore> scores, String measure, Scale scale) {
        var indices = new HashMap<PlannedPair, Integer>();
        var asymmetries = new ArrayList<Asymmetry>();
        for (int i = 0; i < scores.size(); i++) {
            var score = scores.get(i);
            var turned = indices.get(PlannedPair.of(score).turned());
            indices.put(PlannedPair.of(score), i);
            if (turned != null) {
                add(asymmetries, scores, turned, i, measure, scale);
            }
        }
        var corrected = Difference.together(
                asymmetries.stream().map(Asymmetry::difference).toList());
        var next = corrected.iterator();
        return asymmetries.stream()
                .map(one -> new Asymmetry(one.first, one.second, next.next()))
                .toList();
    }

    private static void add(
            List<Asymmetry> asymmetries, List<DirectedScore> scores, int one, int other, String measure, Scale scale) {
        boolean isLarger = value(scores.get(one), measure) >= value(scores.get(other), measure);
        int first = isLarger ? one : other;
        int second = isLarger ? other : one;
        Difference.paired(scores.get(first).stir(measure), scores.get(second).stir(measure), scale)
                .ifPresent(difference -> asymmetries.add(new Asymmetry(first, second, difference)));
    }

    private static double value(DirectedScore score, String measure) {
        return score.stir(measure).value().orElse(Double.NaN);
    }
}
