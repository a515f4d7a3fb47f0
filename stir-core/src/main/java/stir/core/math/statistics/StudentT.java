package stir.core.math.statistics;

/** Student's t distribution. */
final class StudentT {
    private StudentT() {}

    /**
     * Returns a quantile, by bisection of the distribution function.
     *
     * @param probability between 0.5 and 1
     * @param degrees the degrees of freedom, at least 1
     */
    static double quantile(double probability, int degrees) {
        double low = 0;
        double high = 1;
        while (below(high, degrees) < probability) {
            high *= 2;
        }
        for (int i = 0; i < 100; i++) {
            double middle = (low + high) / 2;
            if (below(middle, degrees) < probability) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /**
     * Returns the probability of a value above {@code t} or below {@code -t}; accurate to 1e-15.
     *
     * @param t the t statistic, at least 0
     * @param degrees the degrees of freedom, at least 1
     */
    static double beyond(double t, int degrees) {
        return Math.max(0, Math.min(1, 2 * (1 - below(t, degrees))));
    }

    /**
     * Returns the probability of a value below {@code t}, by the finite series for integer degrees
     * of freedom (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4).
     */
    private static double below(double t, int degrees) {
        double theta = Math.atan(t / Math.sqrt(degrees));
        double cosine = Math.cos(theta);
        double squared = cosine * cosine;
        boolean odd = degrees % 2 == 1;
        double term = odd ? cosine : 1;
        double sum = degrees == 1 ? 0 : term;
        for (int i = odd ? 3 : 2; i <= degrees - 2; i += 2) {
            term *= squared * (i - 1) / i;
            sum += term;
        }
        double sine = Math.sin(theta);
        double within = odd ? 2 / Math.PI * (theta + sine * sum) : sine * sum;
        return 0.5 + within / 2;
    }
}
