package stir.core.score.compute;

import stir.core.statistics.Estimate;
import stir.core.statistics.PermutationFloor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What measures give of inputs that have been shuffled against each other.
 *
 * @param values where the floor is, by measure
 * @param permutations its spread and p-value, by measure; missing where there was one shuffling
 *     alone, or no value
 */
public record ShuffledFloors(
        Map<String, Estimate> values, Map<String, PermutationFloor> permutations) {
    /** Copies the values, in their order. */
    public ShuffledFloors {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        permutations = Collections.unmodifiableMap(new LinkedHashMap<>(permutations));
    }
}
