package stir.core.network;

import java.util.List;
import java.util.stream.IntStream;
import stir.api.UsageException;

/**
 * An additional network that a search for invariant inputs matches besides the reference.
 *
 * @param spec the specification of the network, at one layer; empty for its default layer
 * @param weight the weight of its relative distance, relative to the reference's weight of 1; above
 *     0
 * @since 0.1.0
 */
public record FurtherReference(NetworkSpec spec, double weight) {
    /** Checks the weight and that one layer is matched. */
    public FurtherReference {
        spec.checkOneLayer();
        if (!spec.references().isEmpty()) {
            throw new UsageException(
                    "%s is an additional reference and cannot have any itself.".formatted(spec.file()));
        }
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new UsageException(
                    "The weight of the reference %s must be above 0, not %s.".formatted(spec.file(), weight));
        }
    }

    /** Returns a copy with other resources. */
    FurtherReference with(Resources resources) {
        return new FurtherReference(spec.withResources(resources), weight);
    }

    /**
     * Creates the additional references for a search.
     *
     * @param specs the specifications of the networks
     * @param weights the weights of the reference itself and of each additional reference; empty
     *     for equal weights
     * @throws UsageException if there are more or fewer weights, or one is not above 0
     */
    public static List<FurtherReference> of(List<NetworkSpec> specs, List<Double> weights) {
        if (weights.isEmpty()) {
            return specs.stream().map(spec -> new FurtherReference(spec, 1)).toList();
        }
        if (weights.size() != specs.size() + 1) {
            throw new UsageException(
                    "There are %d weights for %d references: specify one for each, the searched network first."
                            .formatted(weights.size(), specs.size() + 1));
        }
        double own = weights.get(0);
        if (!(own > 0 && own < Double.POSITIVE_INFINITY)) {
            throw new UsageException("The weight of a reference must be above 0, not %s.".formatted(own));
        }
        return IntStream.range(0, specs.size())
                .mapToObj(i -> new FurtherReference(specs.get(i), weights.get(i + 1) / own))
                .toList();
    }
}
