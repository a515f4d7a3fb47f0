package stir.core.score;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Caution;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.core.inversion.Inversion;
import stir.core.math.statistics.Estimate;

/**
 * STIR(target | reference): the target's similarity of the inputs and the reference's invariant
 * inputs.
 *
 * @param target the layer that is scored on the invariant inputs
 * @param reference the layer whose invariant inputs were searched
 * @param search the search and its quality
 * @param measures the values by the measure's id, in the requested order; not empty
 * @param verdict the answer, by the measure that decides
 * @param outcomes the target's response to each invariant input
 * @param cautions reasons why values are missing or should not be trusted
 * @since 0.1.0
 */
@JsonSerialize(converter = DirectionDocument.Writer.class)
public record DirectedScore(
        StudiedLayer target,
        StudiedLayer reference,
        SearchQuality search,
        Map<String, MeasureScore> measures,
        Judgement verdict,
        InputOutcomes outcomes,
        List<Caution> cautions) {
    /** Copies the values, in their order. */
    public DirectedScore {
        measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
        cautions = List.copyOf(cautions);
        if (measures.isEmpty()) {
            throw new IllegalArgumentException("A score has at least one measure");
        }
    }

    /** Returns the id of the measure that decides: see {@link Verdict#measure}. */
    public String measure() {
        return Verdict.measure(List.copyOf(measures.keySet()));
    }

    /** Returns the values by the measure that decides. */
    public MeasureScore deciding() {
        return of(measure());
    }

    /**
     * Returns the values by a measure.
     *
     * @throws UsageException if it was not asked for
     */
    public MeasureScore of(String measure) {
        return NearestNames.spelt(measure, measures.keySet())
                .map(measures::get)
                .orElseThrow(() -> new UsageException(NearestNames.sentence("measure", measure, measures.keySet())));
    }

    /** Returns STIR by the measure that decides. */
    public Estimate stir() {
        return deciding().stir();
    }

    /** Returns STIR by a measure; undefined if it is not computed, as in an incomplete study. */
    public Estimate stir(String measure) {
        return measures.getOrDefault(measure, MeasureScore.NONE).stir();
    }

    /** Returns the share of the reference's accepted invariant inputs that the target accepts. */
    public Optional<SharedMetamers> sharedMetamers() {
        return SharedMetamers.of(search.acceptance(), outcomes);
    }

    /** Returns the similarity of the two networks, without a search, by the deciding measure. */
    public Estimate similarity() {
        return deciding().of(Quantity.SIMILARITY);
    }

    /** Returns the invariant inputs of the reference, and their residuals. */
    public Inversion inversion() {
        return search.inversion();
    }

    /**
     * Returns whether a score is inconclusive for a reason that leaves it out of all statements
     * about several scores: means and differences of groups, the best score, the tree and the map
     * of layers. The only rule for all of them.
     */
    public boolean isLeftOut() {
        return verdict().gap().filter(Gap::isLeftOut).isPresent();
    }

    /** Returns whether the target is the reference: a score that is its own ceiling. */
    public boolean isOfItself() {
        return target.equals(reference);
    }

    /** Returns whether any measure's value is defined. */
    public boolean isDefined() {
        return measures.values().stream().anyMatch(score -> score.stir().isDefined());
    }

    /** Returns a copy with other values of the same measures. */
    public DirectedScore withMeasures(Map<String, MeasureScore> others) {
        return new DirectedScore(target, reference, search, others, verdict, outcomes, cautions);
    }
}
