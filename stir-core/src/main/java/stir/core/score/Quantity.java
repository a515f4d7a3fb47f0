package stir.core.score;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * The values of a score by one measure. Tables and documents have the same order and names.
 *
 * @since 0.1.0
 */
public enum Quantity {
    /** {@code S(t(X), t(X'))}: the target's similarity of the inputs and the invariant inputs. */
    @JsonProperty("stir")
    STIR,
    /** {@code S(t(X), m(X))}: the similarity of the two networks, without a search. */
    @JsonProperty("similarity")
    SIMILARITY,
    /** {@code S(m(X), m(X'))} of the reference itself, which a perfect search reaches. */
    @JsonProperty("ceiling")
    CEILING,
    /** {@code S(t(X), t(seeds))}: the score of the seeds without any search. */
    @JsonProperty("seed_floor")
    SEED_FLOOR,
    /**
     * {@code S(t(X), t(X'))} with X' in other orders: the mean score of unrelated pairs of the same
     * inputs.
     */
    @JsonProperty("permutation_floor")
    PERMUTATION_FLOOR,
    /**
     * {@code S(X, X')} of the inputs themselves, without any network, by the measure that decides:
     * X' near X is similar whatever the target ignores.
     */
    @JsonProperty("input_similarity")
    INPUT_SIMILARITY,
    /**
     * STIR rescaled so that the more similar floor is 0 and the ceiling is 1; undefined if the
     * ceiling is not clearly above the floor, or has no interval to decide this.
     */
    @JsonProperty("corrected")
    CORRECTED,
    /** STIR of only those inputs whose search converged; absent if all or none did. */
    @JsonProperty("converged_only")
    CONVERGED_ONLY;

    /** Returns the name in tables and documents: {@code seed_floor}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the name in sentences: {@code seed floor}, and {@code STIR}. */
    @Override
    public String toString() {
        return this == STIR ? name() : key().replace('_', ' ');
    }
}
