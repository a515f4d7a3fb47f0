package stir.core.inversion.term;

import java.util.Map;
import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * The total variation {@code (sum of squared differences of neighbours)^(beta/2)}, over rows,
 * columns and channels. Needs images. Source: Mahendran and Vedaldi, Understanding Deep Image
 * Representations by Inverting Them, CVPR 2015; with the sum inside the power, as in the code of
 * Nanda et al., Do Invariances in Deep Neural Networks Align with Human Perception?, AAAI 2023.
 */
public final class TotalVariation implements ObjectiveTerm {
    /** The name of the power's parameter. */
    public static final String BETA = "beta";

    private static final double DEFAULT_BETA = 2;

    private final double beta;

    /** Creates the term with a power of 2. */
    public TotalVariation() {
        this(DEFAULT_BETA);
    }

    private TotalVariation(double beta) {
        this.beta = beta;
    }

    @Override
    public String id() {
        return "tv";
    }

    @Override
    public String description() {
        return "Total variation (Mahendran and Vedaldi, 2015)";
    }

    @Override
    public Map<String, String> parameters() {
        return Map.of(BETA, "the power, from 1 (default " + DEFAULT_BETA + ")");
    }

    @Override
    public TotalVariation with(Map<String, String> values) {
        double power = TermNumbers.of(id(), values, parameters().keySet()).number(BETA, beta);
        if (!(power >= 1 && power < Double.POSITIVE_INFINITY)) {
            throw new UsageException("The power of the total variation must be 1 or more, not " + power + ".");
        }
        return new TotalVariation(power);
    }

    @Override
    public Evaluation on(Shape input) {
        var image = ImageSize.of(id(), input);
        return (weight, pixels, gradient) -> add(image, weight, pixels, gradient);
    }

    private double add(ImageSize image, double weight, float[] pixels, float[] gradient) {
        double squares = 0;
        for (int i = 0; i < pixels.length; i++) {
            double right = image.right(pixels, i);
            double down = image.down(pixels, i);
            squares += right * right + down * down;
        }
        if (squares == 0) {
            return 0; // an even image has the smallest value
        }
        double value = Math.pow(squares, beta / 2);
        double factor = weight * beta * value / squares;
        for (int i = 0; i < pixels.length; i++) {
            double right = factor * image.right(pixels, i);
            double down = factor * image.down(pixels, i);
            gradient[i] -= (float) (right + down);
            if (right != 0) {
                gradient[i + 1] += (float) right;
            }
            if (down != 0) {
                gradient[i + image.width()] += (float) down;
            }
        }
        return weight * value;
    }
}
