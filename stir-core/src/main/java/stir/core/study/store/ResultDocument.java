package stir.core.study.store;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import stir.api.Caution;
import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.score.CautionText;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.study.plan.About;
import stir.core.study.results.GroupDifference;
import stir.core.study.results.GroupScore;
import stir.core.study.results.GroupVerdict;
import stir.core.study.results.StudyDifference;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyGroups;
import stir.core.study.results.StudyResults;
import stir.core.study.results.StudySimilarity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GroupScore> groups,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<GroupDifferenceRow> groupDifferences,
        List<CautionText.Document> cautions,
        Map<String, String> versions) {
    /** The name and the version of the document of two networks. */
    public static final String SCORE = "stir-score/3";

    /** The name and the version of the document of a study. */
    public static final String STUDY = "stir-matrix/2";

    /** The similarity of two layers. */
    public record Similarity(
            String target,
            String targetLayer,
            String reference,
            String referenceLayer,
            Map<String, MeasureScore> measures,
            List<CautionText.Document> cautions) {}

    /** A difference of groups; without its values, the reason why it is unknown. */
    public record GroupDifferenceRow(
            GroupDifference.Question question,
            String measure,
            String search,
            int repeat,
            String factor,
            String group,
            String other,
            String targetLayer,
            String referenceLayer,
            Optional<Double> difference,
            Optional<Double> low,
            Optional<Double> high,
            @JsonProperty("p") Optional<Double> pValue,
            @JsonProperty("p_corrected") Optional<Double> correctedPValue,
            Optional<GroupVerdict> verdict,
            Optional<String> reason) {}

    /** The difference STIR(target | reference) - STIR(other target | other reference). */
    public record DifferenceRow(
            String measure,
            String search,
            int repeat,
            String target,
            String targetLayer,
            String reference,
            String referenceLayer,
            String otherTarget,
            String otherTargetLayer,
            String otherReference,
            String otherReferenceLayer,
            @JsonUnwrapped Difference difference) {}

    /**
     * Returns the document of the results of a study.
     *
     * @param plan the document of the study
     */
    public static ResultDocument of(PlanDocument plan, StudyResults results) {
        return of(plan, results.scores(), results.similarities(), results.differences());
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
            StudyDifferences differences) {
        var cautions = StudySimilarity.cautions(plan.cautions(), similarities);
        return of(plan, scores, similarities, differences, cautions);
    }

    /**
     * Returns the document of some results.
     *
     * @param plan the document of the study
     * @param cautions reasons not to trust values, of the whole study
     */
    public static ResultDocument of(
            PlanDocument plan,
            List<DirectedScore> scores,
            List<StudySimilarity> similarities,
            StudyDifferences differences,
            List<Caution> cautions) {
        var scales = new LinkedHashMap<String, Scale>();
        plan.measures().forEach(measure -> scales.put(measure.id(), measure.scale()));
        var groups = StudyGroups.of(plan.grouped(), scores, scales);
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
                groups.scores(),
                groups.differences().stream().map(ResultDocument::row).toList(),
                CautionText.document(cautions),
                plan.versions());
    }

    private static Similarity similarity(StudySimilarity of) {
        return new Similarity(
                of.target().model(),
                of.target().layer(),
                of.reference().model(),
                of.reference().layer(),
                of.measures(),
                CautionText.document(of.cautions()));
    }

    private static GroupDifferenceRow row(GroupDifference of) {
        var difference = of.difference();
        return new GroupDifferenceRow(
                of.question(),
                of.measure(),
                of.search(),
                of.repeat(),
                of.factor(),
                of.group(),
                of.other(),
                of.targetLayer(),
                of.referenceLayer(),
                difference.map(Difference::difference),
                difference.map(found -> found.interval().low()),
                difference.map(found -> found.interval().high()),
                difference.map(Difference::pValue),
                difference.map(Difference::correctedPValue),
                of.verdict(),
                of.reason());
    }

    private static DifferenceRow row(StudyDifference of) {
        return new DifferenceRow(
                of.measure(),
                of.search(),
                of.repeat(),
                of.first().target().model(),
                of.first().target().layer(),
                of.first().reference().model(),
                of.first().reference().layer(),
                of.second().target().model(),
                of.second().target().layer(),
                of.second().reference().model(),
                of.second().reference().layer(),
                of.difference());
    }
}
