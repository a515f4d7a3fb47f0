package stir.core.inversion.term;

import java.util.LinkedHashMap;
import java.util.Map;
import stir.api.Norm;
import stir.api.ObjectiveTerm;
import stir.api.Shape;
import stir.api.UsageException;

/**
 * {@code ||x - level||_p}: the distance from a uniform grey, in pixels from 0 to 1. Sources: p = 6
 * and black, Mahendran and Vedaldi, CVPR 2015; p = 1 and 0.5, Nanda et al., Do Invariances in Deep
 * Neural Networks Align with Human Perception?, AAAI 2023.
 */
public final class Grey implements ObjectiveTerm {
    /** The name of the norm's parameter. */
    public static final String P = "p";

    /** The name of the grey's parameter. */
    public static final String LEVEL = "level";

    private static final double DEFAULT_LEVEL = 0.5;

    private final Norm norm;
    private final double level;

    /** Creates the L1 distance from a grey of 0.5. */
    public Grey() {
        this(Norm.L1, DEFAULT_LEVEL);
    }

    private Grey(Norm norm, double level) {
        this.norm = norm;
        this.level = level;
    }

    @Override
    public String id() {
        return "grey";
    }

    @Override
    public String description() {
        return "Distance from an even grey (Mahendran and Vedaldi, 2015)";
    }

    @Override
    public Map<String, String> parameters() {
        var parameters = new LinkedHashMap<String, String>();
        parameters.put(P, "the norm, 1 or more, or inf (default 1)");
        parameters.put(LEVEL, "the grey, from 0 to 1 (default " + DEFAULT_LEVEL + ")");
        return parameters;
    }

    @Override
    public Grey with(Map<String, String> values) {
        var numbers = TermNumbers.of(id(), values, parameters().keySet());
        double newLevel = numbers.number(LEVEL, level);
        if (!(newLevel >= 0 && newLevel <= 1)) {
            throw new UsageException("The grey must be in [0,1], but is " + newLevel + ".");
        }
        return new Grey(numbers.norm(P, norm), newLevel);
    }

    @Override
    public Evaluation on(Shape input) {
        return this::add;
    }

    private double add(double weight, float[] pixels, float[] gradient) {
        double p = norm.p();
        double largest = 0;
        int at = 0;
        for (int i = 0; i < pixels.length; i++) {
            double difference = Math.abs(pixels[i] - level);
            if (difference > largest) {
                largest = difference;
                at = i;
            }
        }
        if (largest == 0) {
            return 0;
        }
        if (Double.isInfinite(p)) {
            gradient[at] += (float) (weight * Math.signum(pixels[at] - level));
            return weight * largest;
        }
        double sum = 0;
        for (float value : pixels) { // scaled so that the powers do not overflow
            sum += Math.pow(Math.abs(value - level) / largest, p);
        }
        double distance = largest * Math.pow(sum, 1 / p);
        for (int i = 0; i < pixels.length; i++) {
            double difference = pixels[i] - level;
            gradient[i] +=
                    (float) (weight * Math.signum(difference) * Math.pow(Math.abs(difference) / distance, p - 1));
        }
        return weight * distance;
    }
}
