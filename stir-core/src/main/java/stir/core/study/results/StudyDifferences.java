package stir.core.study.results;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import stir.api.Scale;
import stir.core.io.files.Table;
import stir.core.math.statistics.Difference;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.PlannedPair;

/**
 * All differences of a study that mean something: of two STIRs that share their target or their
 * reference, or are the two directions of one pair. Other pairs of scores differ in target and
 * reference, so the cause of a difference would be unknown.
 *
 * <p>Scores on invariant inputs that are the inputs themselves ({@link
 * stir.core.inversion.Inversion#ignoresNothing}) have no differences, because a STIR near 1 then
 * shows nothing about the target.
 *
 * <p>Differences of one measure, search and repeat are corrected for their number together. Those
 * of several measures are not: they ask the same question again.
 *
 * @param all the differences, in the order of the pairs; empty if there are too many
 * @param possible the number of pairs of scores that can be compared
 * @param leftOut the number of scores that are not compared, because the reference's layer ignores
 *     nothing
 * @since 0.1.0
 */
public record StudyDifferences(List<StudyDifference> all, long possible, long leftOut) {
    /** With more differences than this, none is computed: nobody reads them, and few survive. */
    public static final int MOST = 50_000;

    /** Copies the list. */
    public StudyDifferences {
        all = List.copyOf(all);
    }

    /** Returns whether no difference was computed because there are too many. */
    public boolean isTooMany() {
        return possible > MOST;
    }

    /** One of the repeats of a search. */
    record Run(String search, int repeat) {}

    /**
     * Returns the differences of some scores.
     *
     * @param scales the scales of the measures
     */
    public static StudyDifferences of(List<DirectedScore> scores, Map<String, Scale> scales) {
        var runs = new LinkedHashMap<Run, List<DirectedScore>>();
        long leftOut = 0;
        for (var score : scores) {
            var search = score.search();
            if (search.ignoresNothing()) {
                leftOut++;
            } else {
                runs.computeIfAbsent(new Run(search.name(), search.repeat()), unused -> new ArrayList<>())
                        .add(score);
            }
        }
        long possible = 0;
        for (var ofRun : runs.values()) {
            possible += scales.size() * comparisons(ofRun);
        }
        var all = new ArrayList<StudyDifference>();
        if (possible <= MOST) {
            for (var ofRun : runs.values()) {
                scales.forEach((measure, scale) -> all.addAll(of(ofRun, measure, scale)));
            }
        }
        return new StudyDifferences(all, possible, leftOut);
    }

    private static long comparisons(List<DirectedScore> scores) {
        var pairs = scores.stream().map(PlannedPair::of).collect(Collectors.toSet());
        long twice = pairs.stream()
                .filter(pair -> !pair.target().equals(pair.reference()))
                .filter(pair -> pairs.contains(pair.turned()))
                .count();
        return twice / 2 + pairsOfEach(pairs, PlannedPair::target) + pairsOfEach(pairs, PlannedPair::reference);
    }

    private static long pairsOfEach(Set<PlannedPair> pairs, Function<PlannedPair, StudiedLayer> layer) {
        return pairs.stream().collect(Collectors.groupingBy(layer, Collectors.counting())).values().stream()
                .mapToLong(count -> count * (count - 1) / 2)
                .sum();
    }

    private static boolean belongTogether(DirectedScore first, DirectedScore second) {
        return first.target().equals(second.target())
                || first.reference().equals(second.reference())
                || areTurned(first, second);
    }

    private static boolean areTurned(DirectedScore first, DirectedScore second) {
        return PlannedPair.of(first).equals(PlannedPair.of(second).turned());
    }

    private static List<StudyDifference> of(List<DirectedScore> scores, String measure, Scale scale) {
        var uncorrected = new ArrayList<StudyDifference>();
        for (int i = 0; i < scores.size(); i++) {
            for (int j = i + 1; j < scores.size(); j++) {
                boolean areTurned = areTurned(scores.get(i), scores.get(j));
                var first = scores.get(areTurned ? j : i); // pairs are sorted by the reference
                var second = scores.get(areTurned ? i : j);
                if (belongTogether(first, second)) {
                    Difference.paired(first.stir(measure), second.stir(measure), scale)
                            .map(difference -> StudyDifference.of(first, second, measure, difference))
                            .ifPresent(uncorrected::add);
                }
            }
        }
        var corrected = Difference.together(
                uncorrected.stream().map(StudyDifference::difference).toList());
        var all = new ArrayList<StudyDifference>();
        for (int i = 0; i < corrected.size(); i++) {
            var one = uncorrected.get(i);
            all.add(one.with(corrected.get(i)));
        }
        return all;
    }

    /**
     * Returns a tidy table of comma-separated values (RFC 4180), one row per difference: {@code
     * STIR(target | reference) - STIR(other_target | other_reference)}.
     */
    public String csv() {
        return new Table<>(all)
                .column("measure", StudyDifference::measure)
                .column("search", StudyDifference::search)
                .column("repeat", StudyDifference::repeat)
                .column("target", one -> one.first().target().model())
                .column("target_layer", one -> one.first().target().layer())
                .column("reference", one -> one.first().reference().model())
                .column("reference_layer", one -> one.first().reference().layer())
                .column("other_target", one -> one.second().target().model())
                .column("other_target_layer", one -> one.second().target().layer())
                .column("other_reference", one -> one.second().reference().model())
                .column("other_reference_layer", one -> one.second().reference().layer())
                .column("difference", one -> one.difference().difference())
                .column("low", one -> one.difference().interval().low())
                .column("high", one -> one.difference().interval().high())
                .column("p", one -> one.difference().pValue())
                .column("p_corrected", one -> one.difference().correctedPValue())
                .csv();
    }
}
