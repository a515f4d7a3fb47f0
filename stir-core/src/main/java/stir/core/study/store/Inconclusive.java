package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import stir.core.score.Advice;
import stir.core.score.DirectedScore;
import stir.core.score.Gap;

/**
 * The inconclusive scores of different layers of a study for one reason.
 *
 * @param gap the kind of reason
 * @param count the number of scores
 * @param advice the changes that may settle them; of an amount, the median
 * @since 0.1.0
 */
public record Inconclusive(Gap gap, int count, List<Advice> advice) {
    /** Copies the advice. */
    public Inconclusive {
        advice = List.copyOf(advice);
    }

    /** Returns the problem: a sentence without a full stop. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public String problem() {
        return gap.problem();
    }

    /**
     * Returns the inconclusive scores by their reasons, the most frequent first. Scores of a layer
     * by itself are not among them.
     */
    public static List<Inconclusive> of(List<DirectedScore> scores) {
        var byGap = new TreeMap<Gap, List<DirectedScore>>();
        for (var score : scores) {
            if (score.isOfItself()) {
                continue;
            }
            score.verdict()
                    .gap()
                    .ifPresent(gap -> byGap.computeIfAbsent(gap, unused -> new ArrayList<>())
                            .add(score));
        }
        var counts = new ArrayList<Inconclusive>();
        byGap.forEach((gap, all) -> counts.add(new Inconclusive(gap, all.size(), advice(all))));
        counts.sort((one, other) -> Integer.compare(other.count, one.count));
        return counts;
    }

    private static List<Advice> advice(List<DirectedScore> scores) {
        var amounts = new EnumMap<Advice.Kind, List<Double>>(Advice.Kind.class);
        for (var score : scores) {
            for (var advice : score.verdict().advice()) {
                var known = amounts.computeIfAbsent(advice.kind(), unused -> new ArrayList<>());
                advice.amount().ifPresent(known::add);
            }
        }
        var merged = new ArrayList<Advice>();
        amounts.forEach((kind, known) -> merged.add(new Advice(kind, median(known))));
        return merged;
    }

    private static OptionalDouble median(List<Double> values) {
        return values.stream()
                .sorted()
                .skip(values.size() / 2)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }
}
