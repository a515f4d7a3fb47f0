package stir.core.inversion;

import org.jspecify.annotations.Nullable;
import stir.api.UsageException;

/**
 * Gradients that are estimated only from values, by forward passes: for networks without gradients.
 *
 * <pre>g = d/(2 k R) sum over i &lt; k of ( f(x + R u_i) - f(x - R u_i) ) u_i</pre>
 *
 * with {@code k = samples / 2} random directions {@code u_i} of length 1 among the d pixels, keyed
 * by the random seed, the input's index and the step. The mean of {@code g} is the gradient of
 * {@code f} averaged over a sphere of radius R. Source: {@code est_grad} of the robustness library
 * (Engstrom et al., 2019), on which the published code builds; there the factor {@code d / R} is
 * missing, which does not change a step of a fixed length.
 *
 * @param samples the number of values per gradient, besides the value at the point; even, at least
 *     2
 * @param radius the Euclidean distance of the samples from the point; above 0
 * @since 0.1.0
 */
public record GradientEstimate(int samples, double radius) {
    /** The radius if none is given. */
    public static final double DEFAULT_RADIUS = 0.1;

    /** Checks the ranges. */
    public GradientEstimate {
        if (samples < 2 || samples % 2 != 0) {
            throw new UsageException(
                    "A gradient is estimated from an even number of samples, 2 or more, not " + samples + ".");
        }
        if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
            throw new UsageException("The radius of a gradient's samples must be above 0, not " + radius + ".");
        }
    }

    /**
     * Parses the text of {@link #toString}; the radius may be left out.
     *
     * @throws UsageException if the text is malformed or a number is out of range
     */
    public static GradientEstimate parse(String text) {
        var parts = text.split(":", -1);
        try {
            if (parts.length <= 2) {
                return new GradientEstimate(
                        Integer.parseInt(parts[0]), parts.length == 1 ? DEFAULT_RADIUS : Double.parseDouble(parts[1]));
            }
        } catch (NumberFormatException e) {
            throw unreadable(text, e);
        }
        throw unreadable(text, null);
    }

    private static UsageException unreadable(String text, @Nullable NumberFormatException cause) {
        return new UsageException(
                "'%s' is not an estimate of gradients: use samples, or samples:radius, as in 100:0.1.".formatted(text),
                cause);
    }

    /** Returns the samples and the radius, as in {@code 100:0.1}. */
    @Override
    public String toString() {
        return samples + ":" + radius;
    }
}
