package stir.core.study;

import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.StudyPlan;

import java.util.List;
import java.util.Optional;

/**
 * The results of a study.
 *
 * @param plan the plan of the study
 * @param scores the scores in the order of the plan's pairs, then by search and repeat
 * @param similarities the similarities in the order of the plan's pairs
 * @param differences the differences of STIRs
 * @param work the counts of computed and reused results
 * @since 0.1.0
 */
public record StudyResults(
        StudyPlan plan,
        List<StudyScore> scores,
        List<StudySimilarity> similarities,
        StudyDifferences differences,
        StudyWork work) {
    /** Copies the lists. */
    public StudyResults {
        scores = List.copyOf(scores);
        similarities = List.copyOf(similarities);
    }

    /** Returns the score of a target given a reference, of the first search and repeat. */
    public Optional<StudyScore> score(StudiedLayer target, StudiedLayer reference) {
        return scores.stream()
                .filter(score -> score.target().equals(target))
                .filter(score -> score.reference().equals(reference))
                .findFirst();
    }
}
