package stir.core.study;

import stir.core.score.ConvergedScore;
import stir.core.score.InputOutcomes;
import stir.core.statistics.Estimate;
import stir.core.statistics.Summary;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * STIR(target | reference) of one inversion. The values are those of {@link
 * stir.core.score.DirectedScore}, by measure.
 *
 * @param reference the layer that was inverted
 * @param target the layer that looked at its invariant inputs
 * @param search the name of the search
 * @param repeat which of its repeats, from 1
 * @param rngSeed the key of this repeat's random numbers
 * @param stir {@code S(t(X), t(X'))}
 * @param self the ceiling
 * @param seedOnly a floor: of seeds
 * @param shuffled a floor: of shuffled pairs
 * @param baselineCorrected where {@code stir} lies between floor, 0, and ceiling, 1
 * @param converged the score of those inputs alone whose invariant input was found
 * @param residuals the reference's residual of each invariant input
 * @param outcomes what the target makes of each
 * @param cautions why values are missing or should not be trusted, a sentence each
 */
public record StudyScore(
        StudiedLayer reference,
        StudiedLayer target,
        String search,
        int repeat,
        long rngSeed,
        Map<String, Estimate> stir,
        Map<String, Double> self,
        Map<String, Double> seedOnly,
        Map<String, Double> shuffled,
        Map<String, Double> baselineCorrected,
        Optional<ConvergedScore> converged,
        List<Double> residuals,
        InputOutcomes outcomes,
        List<String> cautions) {
    /** Copies the values, in their order. */
    public StudyScore {
        stir = Collections.unmodifiableMap(new LinkedHashMap<>(stir));
        self = Collections.unmodifiableMap(new LinkedHashMap<>(self));
        seedOnly = Collections.unmodifiableMap(new LinkedHashMap<>(seedOnly));
        shuffled = Collections.unmodifiableMap(new LinkedHashMap<>(shuffled));
        baselineCorrected = Collections.unmodifiableMap(new LinkedHashMap<>(baselineCorrected));
        residuals = List.copyOf(residuals);
        cautions = List.copyOf(cautions);
    }

    /** The residuals' mean, median and maximum. */
    public Summary residual() {
        return Summary.of(residuals.stream().mapToDouble(Double::doubleValue).toArray())
                .orElseThrow();
    }
}
