package stir.core.study.results;

import stir.api.Caution;
import stir.api.Scale;
import stir.core.math.statistics.Difference;
import stir.core.score.DirectedScore;
import stir.core.score.ScoreSettings;
import stir.core.study.plan.PlannedModel;

import java.util.List;
import java.util.Map;

/**
 * A comparison of two networks in both directions: a study of two. Comparisons are equal only if
 * their inputs are the same object; those of two runs have equal values in {@link
 * DirectedScore#measures}.
 *
 * @param results the study
 * @param aGivenB STIR(a | b): the target is the first network, the reference the second
 * @param bGivenA STIR(b | a): the target is the second network, the reference the first
 * @param differences STIR(a | b) minus STIR(b | a) per measure, on the same inputs and of the first
 *     repeat; missing where a value is, or where there are too few inputs. Where the two layers
 *     differ in width, a measure whose value depends on the width (see the cautions) may differ for
 *     this reason alone
 * @param cautions reasons why values should not be trusted; those of only one direction have the
 *     fact {@link stir.core.score.CautionFacts#DIRECTION}
 * @param settings the requested settings
 * @since 0.1.0
 */
public record Comparison(
        StudyResults results,
        DirectedScore aGivenB,
        DirectedScore bGivenA,
        Map<String, Difference> differences,
        List<Caution> cautions,
        ScoreSettings settings) {
    /** Returns the first network. */
    public PlannedModel a() {
        return results.plan().models().get(0);
    }

    /** Returns the second network. */
    public PlannedModel b() {
        return results.plan().models().get(1);
    }

    /** Returns the scale of each measure. */
    public Map<String, Scale> scales() {
        return results.scales();
    }

    /** Returns both directions. */
    public List<DirectedScore> directions() {
        return List.of(aGivenB, bGivenA);
    }
}
