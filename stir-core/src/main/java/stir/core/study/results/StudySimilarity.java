package stir.core.study.results;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import stir.api.Caution;
import stir.core.score.MeasureScore;
import stir.core.score.StudiedLayer;

/**
 * The similarity of two layers, {@code S(t(X), m(X))}, without a search.
 *
 * @param target the layer t
 * @param reference the layer m
 * @param measures the values by measure, except values that need a search
 * @param cautions reasons not to trust values
 * @since 0.1.0
 */
public record StudySimilarity(
        StudiedLayer target, StudiedLayer reference, Map<String, MeasureScore> measures, List<Caution> cautions) {
    /** Copies the values, in their order. */
    public StudySimilarity {
        measures = Collections.unmodifiableMap(new LinkedHashMap<>(measures));
        cautions = List.copyOf(cautions);
    }

    /** Returns the cautions about a plan and its similarities, each once. */
    public static List<Caution> cautions(List<Caution> ofPlan, List<StudySimilarity> all) {
        return Stream.concat(ofPlan.stream(), all.stream().flatMap(one -> one.cautions.stream()))
                .distinct()
                .toList();
    }
}
