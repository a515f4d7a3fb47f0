package stir.core.study;

import stir.api.Caution;
import stir.core.math.statistics.Estimate;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.Assembly;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plain similarity of two layers, {@code S(t(X), m(X))}.
 *
 * @param reference the layer m
 * @param target the layer t
 * @param similarity the values by measure
 * @param cautions reasons not to trust values
 * @since 0.1.0
 */
public record StudySimilarity(
        StudiedLayer reference,
        StudiedLayer target,
        Map<String, Estimate> similarity,
        List<Caution> cautions) {
    /** Copies the values, in their order. */
    public StudySimilarity {
        similarity = Collections.unmodifiableMap(new LinkedHashMap<>(similarity));
        cautions = List.copyOf(cautions);
    }

    /** Returns the similarity of a pair; empty if it is not stored. */
    static Optional<StudySimilarity> of(Assembly assembly, PlannedPair pair) {
        return assembly.similarity(pair)
                .map(
                        found ->
                                new StudySimilarity(
                                        pair.reference(),
                                        pair.target(),
                                        found.values(),
                                        found.cautions()));
    }
}
