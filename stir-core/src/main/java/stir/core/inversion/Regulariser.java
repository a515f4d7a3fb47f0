package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.ArrayList;
import java.util.List;

/**
 * A term of the objective that sees the pixels alone and pulls towards images that look natural.
 * Its weight is against the relative distance, which weighs 1. Weights of papers that weigh the
 * distance itself are divided by the distance's weight.
 *
 * <p>The terms and their sums over pixels are those of Nanda et al., Do Invariances in Deep Neural
 * Networks Align with Human Perception?, AAAI 2023, and its published code.
 */
public sealed interface Regulariser {
    /** What the term's value is multiplied by; above 0. */
    double weight();

    /**
     * What the command line takes after {@link #name}: the weight, then other parameters, joined
     * with colons.
     */
    String text();

    /** The name of the option. */
    String name();

    /**
     * The total variation {@code (sum of squared differences of neighbours)^(beta/2)}, over rows,
     * columns and channels. Needs images. Source: Mahendran and Vedaldi, Understanding Deep Image
     * Representations by Inverting Them, CVPR 2015; with the sum inside the power, as in the code
     * of Nanda et al.
     *
     * @param weight above 0
     * @param beta from 1
     */
    record TotalVariation(double weight, double beta) implements Regulariser {
        /** Checks the ranges. */
        public TotalVariation {
            checkWeight(weight, "tv");
            if (!(beta >= 1 && beta < Double.POSITIVE_INFINITY)) {
                throw new UsageException(
                        "The power of the total variation is 1 or more, not " + beta + ".");
            }
        }

        /**
         * Reads {@code WEIGHT} or {@code WEIGHT:BETA}; beta is 2 unless given.
         *
         * @throws UsageException if the text is neither
         */
        public static TotalVariation parse(String text) {
            var numbers = numbers(text, 2, "tv");
            return new TotalVariation(numbers.get(0), numbers.size() > 1 ? numbers.get(1) : 2);
        }

        @Override
        public String name() {
            return "tv";
        }

        @Override
        public String text() {
            return weight + ":" + beta;
        }
    }

    /**
     * {@code 1/2 ||x - blur(x)||^2}, with a blur over 3 x 3 pixels: the pixel weighs 1, its
     * neighbours 1/2, and at the border only what is there counts. Needs images. Source: Nanda et
     * al., AAAI 2023, after Olah et al., Feature Visualization, 2017. Their gradient takes the
     * blurred image for a constant; ours is the value's whole derivative.
     *
     * @param weight above 0
     */
    record Blur(double weight) implements Regulariser {
        /** Checks the weight. */
        public Blur {
            checkWeight(weight, "blur");
        }

        /**
         * Reads {@code WEIGHT}.
         *
         * @throws UsageException if the text is no number above 0
         */
        public static Blur parse(String text) {
            return new Blur(numbers(text, 1, "blur").get(0));
        }

        @Override
        public String name() {
            return "blur";
        }

        @Override
        public String text() {
            return Double.toString(weight);
        }
    }

    /**
     * {@code ||x - level||_p}: the distance from an even grey. Sources: p = 6 and black, Mahendran
     * and Vedaldi, CVPR 2015; p = 1 and 0.5, Nanda et al., AAAI 2023.
     *
     * @param weight above 0
     * @param norm p
     * @param level the grey, from 0 to 1
     */
    record Grey(double weight, Norm norm, double level) implements Regulariser {
        /** Checks the ranges. */
        public Grey {
            checkWeight(weight, "grey");
            if (!(level >= 0 && level <= 1)) {
                throw new UsageException("A grey lies in [0,1], not at " + level + ".");
            }
        }

        /**
         * Reads {@code WEIGHT}, {@code WEIGHT:P} or {@code WEIGHT:P:LEVEL}; p is 1 and the level
         * 0.5 unless given.
         *
         * @throws UsageException if the text is none of these
         */
        public static Grey parse(String text) {
            var numbers = numbers(text, 3, "grey");
            return new Grey(
                    numbers.get(0),
                    numbers.size() > 1 ? new Norm(numbers.get(1)) : Norm.L1,
                    numbers.size() > 2 ? numbers.get(2) : 0.5);
        }

        @Override
        public String name() {
            return "grey";
        }

        @Override
        public String text() {
            return weight + ":" + norm + ":" + level;
        }
    }

    private static void checkWeight(double weight, String name) {
        if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
            throw new UsageException(
                    "The weight of %s must be above 0, not %s: leave the option out to go without."
                            .formatted(name, weight));
        }
    }

    private static List<Double> numbers(String text, int most, String name) {
        var parts = text.split(":", -1);
        var numbers = new ArrayList<Double>();
        try {
            for (var part : parts) {
                numbers.add(part.equals("inf") ? Double.POSITIVE_INFINITY : Double.valueOf(part));
            }
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "'%s' does not fit %s: write a weight and, after colons, its other numbers."
                            .formatted(text, name),
                    e);
        }
        if (numbers.size() > most) {
            throw new UsageException(
                    "'%s' has %d numbers, but %s takes %d at most."
                            .formatted(text, numbers.size(), name, most));
        }
        return numbers;
    }
}
