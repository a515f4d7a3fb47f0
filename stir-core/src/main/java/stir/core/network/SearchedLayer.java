package stir.core.network;

import stir.api.UsageException;

/**
 * A layer that a search for invariant inputs matches.
 *
 * @param name the layer
 * @param weight the weight of its relative distance, above 0; only ratios between layers count
 * @since 0.1.0
 */
public record SearchedLayer(String name, double weight) {
    /** Checks the weight. */
    public SearchedLayer {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new UsageException("The weight of the layer %s must be above 0, not %s.".formatted(name, weight));
        }
    }
}
