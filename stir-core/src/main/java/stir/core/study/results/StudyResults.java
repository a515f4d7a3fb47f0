package stir.core.study.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Caution;
import stir.api.Scale;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.StudyPlan;

/**
 * The results of a study.
 *
 * @param plan the plan of the study
 * @param scores the scores in the order of the plan's pairs, then by search and repeat
 * @param similarities the similarities in the order of the plan's pairs
 * @param differences the differences of STIRs
 * @param best the best scores, and the p-values among all scores
 * @param groups the statements about the groups of its networks
 * @param scales the scales of the measures, in the requested order
 * @param work the counts of computed and reused results
 * @since 0.1.0
 */
public record StudyResults(
        StudyPlan plan,
        List<DirectedScore> scores,
        List<StudySimilarity> similarities,
        StudyDifferences differences,
        BestScores best,
        StudyGroups groups,
        Map<String, Scale> scales,
        StudyWork work) {
    /** Copies the lists. */
    public StudyResults {
        scores = List.copyOf(scores);
        similarities = List.copyOf(similarities);
        scales = Collections.unmodifiableMap(new LinkedHashMap<>(scales));
    }

    /** Returns the results of some scores and similarities, with all statements about them. */
    public static StudyResults of(
            StudyPlan plan,
            List<DirectedScore> scores,
            List<StudySimilarity> similarities,
            Map<String, Scale> scales,
            StudyWork work) {
        return new StudyResults(
                plan,
                scores,
                similarities,
                StudyDifferences.of(scores, scales),
                BestScores.of(scores, scales),
                StudyGroups.of(plan.models().stream().map(GroupedNetwork::of).toList(), scores, scales),
                scales,
                work);
    }

    /** Returns the reasons not to trust values, except reasons for single scores; each once. */
    public List<Caution> cautions() {
        return StudySimilarity.cautions(plan.cautions(), similarities);
    }

    /** Returns the score of a target given a reference, of the first search and repeat. */
    public Optional<DirectedScore> score(StudiedLayer target, StudiedLayer reference) {
        return scores.stream()
                .filter(score -> score.target().equals(target))
                .filter(score -> score.reference().equals(reference))
                .findFirst();
    }
}
