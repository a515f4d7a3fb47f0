package stir.core.check;

import java.util.Optional;
import java.util.OptionalDouble;
import stir.api.Experimental;

/**
 * The difference of two exports of a network at layers with matching names.
 *
 * @param layer the layer's name in the network
 * @param other its name in the other export
 * @param difference the largest relative difference {@code ||a - b|| / ||a||} of an input's two
 *     representations; empty if they can't be compared
 * @param tolerance the largest difference of the same network: larger if the weights of one export
 *     are in half precision
 * @param reason the reason why they can't be compared; empty if they can
 * @since 0.1.0
 */
@Experimental
public record LayerDifference(
        String layer, String other, OptionalDouble difference, double tolerance, Optional<String> reason) {
    /** The largest difference of two exports of the same network in single precision. */
    public static final double TOLERANCE = 1e-3;

    /** Returns whether the representations were compared and differ. */
    public boolean isWrong() {
        return difference.isPresent() && !(difference.getAsDouble() <= tolerance);
    }
}
