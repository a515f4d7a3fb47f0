package stir.core.math.linalg;

/**
 * A number of twice the precision, as the unevaluated sum of two doubles: about 32 digits. Sums of
 * products of integers and of single-precision values are exact. Source: Dekker 1971, A
 * floating-point technique for extending the available precision; Ogita, Rump and Oishi 2005,
 * Accurate sum and dot product.
 *
 * @param high the nearest double
 * @param low the remainder
 */
record DoubleDouble(double high, double low) {
    /** Adds two numbers, the second of which is not much larger than the first. */
    private static DoubleDouble normalised(double high, double low) {
        double sum = high + low;
        return new DoubleDouble(sum, low - (sum - high));
    }

    /** Returns the dot product of the first values of two vectors. */
    static DoubleDouble dot(double[] a, double[] b, int count) {
        double sum = 0;
        double rest = 0;
        for (int i = 0; i < count; i++) {
            double product = a[i] * b[i];
            double next = sum + product;
            double added = next - sum;
            double lost = (sum - (next - added)) + (product - added);
            rest += lost + Math.fma(a[i], b[i], -product);
            sum = next;
        }
        return normalised(sum, rest);
    }

    /** Returns the sum of the first values of a vector. */
    static DoubleDouble sum(double[] a, int count) {
        double sum = 0;
        double rest = 0;
        for (int i = 0; i < count; i++) {
            double next = sum + a[i];
            double added = next - sum;
            rest += (sum - (next - added)) + (a[i] - added);
            sum = next;
        }
        return normalised(sum, rest);
    }

    /** Multiplies by a number. */
    DoubleDouble times(DoubleDouble other) {
        double product = high * other.high;
        double lost = Math.fma(high, other.high, -product);
        return normalised(product, lost + (high * other.low + low * other.high));
    }

    /** Multiplies by a double. */
    DoubleDouble times(double factor) {
        return times(new DoubleDouble(factor, 0));
    }

    /** Subtracts a number. */
    DoubleDouble minus(DoubleDouble other) {
        double difference = high - other.high;
        double taken = high - difference;
        double lost = (high - (difference + taken)) + (taken - other.high);
        return normalised(difference, lost + (low - other.low));
    }

    /** Divides by a number and rounds to a double. */
    double over(DoubleDouble other) {
        double quotient = high / other.high;
        return quotient + minus(other.times(quotient)).high / other.high;
    }
}
