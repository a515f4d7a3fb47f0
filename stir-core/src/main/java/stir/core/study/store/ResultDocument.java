package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.core.math.statistics.Difference;
import stir.core.score.CautionText;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.About;
import stir.core.study.results.BestScore;
import stir.core.study.results.BestScores;
import stir.core.study.results.GroupDifference;
import stir.core.study.results.GroupScore;
import stir.core.study.results.StudyDifference;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyGroups;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudySimilarity;

/**
 * The document of all results of a study: {@code result.json} of its folder, and what commands
 * print. A score is the study of two networks.
 *
 * @param schema the name and the version of the document
 * @param directions the scores
 * @param similarities the similarities of a study without a search; empty otherwise, since each
 *     score has that of its networks
 * @param inconclusive the inconclusive scores by their reasons
 * @param differences the differences of STIRs
 * @param differencesLeftOut the number of scores that are not compared, since the reference's layer
 *     ignores nothing
 * @param best the best scores, with p-values of the choice; empty if there is no choice
 * @param groups the mean STIR of each pair of groups of networks; empty without groups
 * @param groupDifferences the differences of groups
 * @param cautions reasons not to trust values, of the whole study
 */
public record ResultDocument(
        String schema,
        Optional<About> about,
        Optional<String> command,
        List<PlanDocument.Model> networks,
        PlanDocument.Data inputs,
        List<PlanDocument.Measure> measures,
        PlanDocument.Settings settings,
        List<DirectedScore> directions,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Similarity> similarities,
        List<Inconclusive> inconclusive,
        List<DifferenceRow> differences,
        long differencesLeftOut,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Best> best,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GroupScore> groups,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GroupDifference> groupDifferences,
        List<CautionText.Document> cautions,
        Map<String, String> versions) {
    /** The name and the version of the document of two networks. */
    public static final String SCORE = "stir-score/3";

    /** The name and the version of the document of a study. */
    public static final String STUDY = "stir-matrix/2";

    /** The names of a target and a reference. */
    public record Pair(String target, String targetLayer, String reference, String referenceLayer) {
        private static Pair of(StudiedLayer target, StudiedLayer reference) {
            return new Pair(target.model(), target.layer(), reference.model(), reference.layer());
        }
    }

    /** The similarity of two layers. */
    public record Similarity(
            @JsonUnwrapped Pair pair, Map<String, MeasureScore> measures, List<CautionText.Document> cautions) {}

    /** The best of several scores: of the study, or of the layers of two networks. */
    public record Best(
            String measure,
            String search,
            int repeat,
            String among,
            int scores,
            int inconclusive,
            @JsonUnwrapped Pair pair,
            double stir,
            @JsonProperty("p") double pValue,
            @JsonProperty("p_corrected") double correctedPValue,
            @JsonProperty("p_max") double maximumPValue) {
        private static Best of(String among, BestScore of) {
            return new Best(
                    of.measure(),
                    of.search(),
                    of.repeat(),
                    among,
                    of.scores(),
                    of.inconclusive(),
                    Pair.of(of.pair().target(), of.pair().reference()),
                    of.stir(),
                    of.pValue(),
                    of.correctedPValue(),
                    of.maximumPValue());
        }
    }

    /** The difference STIR(target | reference) - STIR(other target | other reference). */
    public record DifferenceRow(
            String measure,
            String search,
            int repeat,
            @JsonUnwrapped Pair pair,
            @JsonUnwrapped(prefix = "other_") Pair other,
            @JsonUnwrapped Difference difference) {}

    /**
     * Returns the document of the results of a study.
     *
     * @param plan the document of the study
     */
    public static ResultDocument of(PlanDocument plan, StudyResults results) {
        return of(plan, results, results.scores(), results.cautions());
    }

    /**
     * Returns the document of the results of a study with other cautions and parts of scores.
     *
     * @param plan the document of the study
     * @param scores its scores, with what else is known of them
     * @param cautions reasons not to trust values, of the whole study
     */
    public static ResultDocument of(
            PlanDocument plan, StudyResults results, List<DirectedScore> scores, List<Caution> cautions) {
        return of(
                plan,
                scores,
                results.similarities(),
                results.differences(),
                results.best(),
                results.groups(),
                cautions);
    }

    /**
     * Returns the document of some results, with the cautions of the plan and of similarities.
     *
     * @param plan the document of the study
     */
    public static ResultDocument of(
            PlanDocument plan,
            List<DirectedScore> scores,
            List<StudySimilarity> similarities,
            StudyDifferences differences,
            BestScores best,
            StudyGroups groups) {
        var cautions = StudySimilarity.cautions(plan.cautions(), similarities);
        return of(plan, scores, similarities, differences, best, groups, cautions);
    }

    private static ResultDocument of(
            PlanDocument plan,
            List<DirectedScore> scores,
            List<StudySimilarity> similarities,
            StudyDifferences differences,
            BestScores best,
            StudyGroups groups,
            List<Caution> cautions) {
        return new ResultDocument(
                plan.isOfTwo() ? SCORE : STUDY,
                plan.about(),
                plan.command(),
                plan.models(),
                plan.inputs(),
                plan.measures(),
                plan.settings(),
                scores,
                scores.isEmpty()
                        ? similarities.stream().map(ResultDocument::similarity).toList()
                        : List.of(),
                Inconclusive.of(scores),
                differences.all().stream().map(ResultDocument::row).toList(),
                differences.leftOut(),
                plan.isOfTwo() ? List.of() : all(best),
                groups.scores(),
                groups.differences(),
                CautionText.document(cautions),
                plan.versions());
    }

    private static Similarity similarity(StudySimilarity of) {
        return new Similarity(Pair.of(of.target(), of.reference()), of.measures(), CautionText.document(of.cautions()));
    }

    private static List<Best> all(BestScores best) {
        return Stream.concat(
                        best.ofStudy().stream().map(one -> Best.of("study", one)),
                        best.ofLayers().stream().map(one -> Best.of("layers", one)))
                .toList();
    }

    private static DifferenceRow row(StudyDifference of) {
        return new DifferenceRow(
                of.measure(),
                of.search(),
                of.repeat(),
                Pair.of(of.first().target(), of.first().reference()),
                Pair.of(of.second().target(), of.second().reference()),
                of.difference());
    }
}
