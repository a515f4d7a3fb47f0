package stir.core.examination;

import stir.api.Experimental;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How far two exports of a network are apart at layers of like names.
 *
 * @param layer the layer's name in the network
 * @param other its name in the other one
 * @param difference the largest relative difference {@code ||a - b|| / ||a||} of an input's two
 *     representations; empty if they can't be compared
 * @param reason why they can't; empty if they can
 * @since 0.1.0
 */
@Experimental
public record LayerDifference(
        String layer, String other, OptionalDouble difference, Optional<String> reason) {
    /** Two exports that differ by more than this do not hold the same network. */
    public static final double TOLERANCE = 1e-3;

    /** Whether the representations were compared and are not the same. */
    public boolean isWrong() {
        return difference.isPresent() && !(difference.getAsDouble() <= TOLERANCE);
    }
}
