package stir.core.study;

import stir.api.Scale;
import stir.core.files.Csv;
import stir.core.statistics.Difference;
import stir.core.statistics.Estimate;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * All differences of a study that mean something: of two STIRs that share their target or their
 * reference, or are the two directions of one pair. Others differ in both, and one would not know
 * what made the difference.
 *
 * <p>Differences of one measure, search and repeat are corrected for their number together. Those
 * of several measures are not: they ask the same question again.
 *
 * @param all in the order of the pairs; empty if there are too many
 * @param possible how many pairs of scores there are to be compared
 * @since 0.1.0
 */
public record StudyDifferences(List<StudyDifference> all, long possible) {
    /** With more differences than this, none is computed: nobody reads them, and few survive. */
    public static final int MOST = 50_000;

    /** Copies the list. */
    public StudyDifferences {
        all = List.copyOf(all);
    }

    /** Whether there are so many that none was computed. */
    public boolean isTooMany() {
        return possible > MOST;
    }

    private record Run(String search, int repeat) {}

    /**
     * The differences of some scores.
     *
     * @param scales of the measures
     */
    static StudyDifferences of(List<StudyScore> scores, Map<String, Scale> scales) {
        var runs = new LinkedHashMap<Run, List<StudyScore>>();
        for (var score : scores) {
            runs.computeIfAbsent(
                            new Run(score.search(), score.repeat()), unused -> new ArrayList<>())
                    .add(score);
        }
        long possible = 0;
        for (var found : runs.values()) {
            possible += scales.size() * comparisons(found);
        }
        var all = new ArrayList<StudyDifference>();
        if (possible <= MOST) {
            runs.values()
                    .forEach(
                            found ->
                                    scales.forEach(
                                            (measure, scale) ->
                                                    all.addAll(of(found, measure, scale))));
        }
        return new StudyDifferences(all, possible);
    }

    private static long comparisons(List<StudyScore> scores) {
        var pairs = scores.stream().map(StudyDifferences::pair).collect(Collectors.toSet());
        long twice =
                pairs.stream()
                        .filter(pair -> !pair.target().equals(pair.reference()))
                        .filter(pair -> pairs.contains(turned(pair)))
                        .count();
        return twice / 2
                + pairsOfEach(pairs, PlannedPair::target)
                + pairsOfEach(pairs, PlannedPair::reference);
    }

    private static PlannedPair turned(PlannedPair pair) {
        return new PlannedPair(/* reference= */ pair.target(), /* target= */ pair.reference());
    }

    private static long pairsOfEach(
            Set<PlannedPair> pairs, Function<PlannedPair, StudiedLayer> layer) {
        return pairs.stream()
                .collect(Collectors.groupingBy(layer, Collectors.counting()))
                .values()
                .stream()
                .mapToLong(count -> count * (count - 1) / 2)
                .sum();
    }

    private static boolean belongTogether(StudyScore first, StudyScore second) {
        return first.target().equals(second.target())
                || first.reference().equals(second.reference())
                || pair(first).equals(turned(pair(second)));
    }

    private static List<StudyDifference> of(List<StudyScore> scores, String measure, Scale scale) {
        var found = new ArrayList<StudyDifference>();
        for (int i = 0; i < scores.size(); i++) {
            for (int j = i + 1; j < scores.size(); j++) {
                var first = scores.get(i);
                var second = scores.get(j);
                if (belongTogether(first, second)) {
                    Difference.paired(stir(first, measure), stir(second, measure), scale)
                            .map(
                                    difference ->
                                            new StudyDifference(
                                                    pair(first),
                                                    pair(second),
                                                    first.search(),
                                                    first.repeat(),
                                                    measure,
                                                    difference))
                            .ifPresent(found::add);
                }
            }
        }
        var corrected =
                Difference.together(found.stream().map(StudyDifference::difference).toList());
        var all = new ArrayList<StudyDifference>();
        for (int i = 0; i < corrected.size(); i++) {
            var one = found.get(i);
            all.add(
                    new StudyDifference(
                            one.first(),
                            one.second(),
                            one.search(),
                            one.repeat(),
                            measure,
                            corrected.get(i)));
        }
        return all;
    }

    private static Estimate stir(StudyScore score, String measure) {
        return Objects.requireNonNullElseGet(
                score.score().stir().get(measure), () -> Estimate.undefined("It is not known."));
    }

    private static PlannedPair pair(StudyScore score) {
        return new PlannedPair(score.reference(), score.target());
    }

    /**
     * A tidy table of comma-separated values (RFC 4180), a row a difference: {@code STIR(target |
     * reference) - STIR(other_target | other_reference)}.
     */
    String csv() {
        var table =
                new Csv(
                        "measure",
                        "search",
                        "repeat",
                        "target_model",
                        "target_layer",
                        "reference_model",
                        "reference_layer",
                        "other_target_model",
                        "other_target_layer",
                        "other_reference_model",
                        "other_reference_layer",
                        "difference",
                        "ci_low",
                        "ci_high",
                        "p_value",
                        "p_value_corrected");
        for (var one : all) {
            var found = one.difference();
            table.row(
                    one.measure(),
                    one.search(),
                    one.repeat(),
                    one.first().target().model(),
                    one.first().target().layer(),
                    one.first().reference().model(),
                    one.first().reference().layer(),
                    one.second().target().model(),
                    one.second().target().layer(),
                    one.second().reference().model(),
                    one.second().reference().layer(),
                    found.difference(),
                    found.interval().low(),
                    found.interval().high(),
                    found.pValue(),
                    found.correctedPValue());
        }
        return table.text();
    }
}
