package stir.core.linalg;

/**
 * A number of twice the precision, as the unevaluated sum of two: about 32 digits. Sums of products
 * of whole numbers and of single-precision values are exact in it. Source: Dekker 1971, A
 * floating-point technique for extending the available precision; Ogita, Rump and Oishi 2005,
 * Accurate sum and dot product.
 *
 * @param high the nearest double
 * @param low what is left
 */
record DoubleDouble(double high, double low) {
    /** Two numbers, of which the second is the smaller one or not much larger, added. */
    private static DoubleDouble normalised(double high, double low) {
        double sum = high + low;
        return new DoubleDouble(sum, low - (sum - high));
    }

    /** The dot product of the beginnings of two vectors. */
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

    /** The sum of the beginning of a vector. */
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

    /** This times another. */
    DoubleDouble times(DoubleDouble other) {
        double product = high * other.high;
        double lost = Math.fma(high, other.high, -product);
        return normalised(product, lost + (high * other.low + low * other.high));
    }

    /** This times a double. */
    DoubleDouble times(double factor) {
        return times(new DoubleDouble(factor, 0));
    }

    /** This minus another. */
    DoubleDouble minus(DoubleDouble other) {
        double difference = high - other.high;
        double taken = high - difference;
        double lost = (high - (difference + taken)) + (taken - other.high);
        return normalised(difference, lost + (low - other.low));
    }

    /** This divided by another, rounded to a double. */
    double over(DoubleDouble other) {
        double quotient = high / other.high;
        return quotient + minus(other.times(quotient)).high / other.high;
    }
}
