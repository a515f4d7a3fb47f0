package stir.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import stir.core.math.statistics.Difference;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.study.StoredStudy;
import stir.core.study.results.Asymmetry;
import stir.core.study.results.StudyDifference;
import stir.core.study.results.StudyDifferences;

/**
 * The differences of scores that a page shows.
 *
 * @param scores all scores of the study, in the order of its document
 */
record Comparisons(StoredStudy study, List<DirectedScore> scores) {
    /** The most differences of a measure and a repeat; the table in the folder has all. */
    private static final int MOST = 1000;

    /**
     * The difference between the two directions of a pair; the scores are indices of the
     * document's.
     */
    record DirectionDifference(
            String measure,
            int first,
            int second,
            @JsonUnwrapped Difference difference) {}

    /** The number of all differences of scores, and whether there are too many to compute. */
    record Extent(long possible, boolean tooMany) {}

    /**
     * Returns the differences between the two directions for all pairs of the given layers; the
     * p-values of a measure and a repeat are corrected for the number of these pairs.
     */
    List<DirectionDifference> asymmetries(List<StudiedLayer> layers) {
        var all = new ArrayList<DirectionDifference>();
        for (var run : study.runs()) {
            var indices = IntStream.range(0, scores.size())
                    .filter(i -> StudyData.run(scores.get(i)).equals(run))
                    .filter(i -> isOf(scores.get(i), layers))
                    .boxed()
                    .toList();
            var compared = indices.stream().map(scores::get).toList();
            study.measures()
                    .forEach((measure, scale) -> Asymmetry.of(compared, measure, scale).stream()
                            .map(one -> new DirectionDifference(
                                    measure, indices.get(one.first()), indices.get(one.second()), one.difference()))
                            .forEach(all::add));
        }
        return all;
    }

    private static boolean isOf(DirectedScore score, List<StudiedLayer> layers) {
        return layers.contains(score.reference())
                && layers.contains(score.target())
                && !score.search().ignoresNothing();
    }

    /** Returns the clearest differences of each measure and repeat. */
    StudyDifferences clearest() {
        var all = study.differences();
        var clearest = Comparator.comparingDouble(
                        (StudyDifference one) -> one.difference().correctedPValue())
                .thenComparing(one -> -Math.abs(one.difference().difference()));
        var some = all.all().stream()
                .collect(Collectors.groupingBy(
                        one -> List.of(one.measure(), one.search(), Integer.toString(one.repeat())),
                        LinkedHashMap::new,
                        Collectors.toList()))
                .values()
                .stream()
                .flatMap(group -> group.stream().sorted(clearest).limit(MOST))
                .toList();
        return new StudyDifferences(some, all.possible(), all.leftOut());
    }
}
