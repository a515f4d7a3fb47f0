package stir.core.score.compute;

import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.PermutationFloor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The floors of shuffled inputs.
 *
 * @param values the floors by measure
 * @param permutations their spread and p-value by measure; missing where there was only one
 *     shuffle, or no value
 */
public record ShuffledFloors(
        Map<String, Estimate> values, Map<String, PermutationFloor> permutations) {
    /** Copies the values, in their order. */
    public ShuffledFloors {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        permutations = Collections.unmodifiableMap(new LinkedHashMap<>(permutations));
    }
}
