package stir.core.linalg;

/**
 * Loops over arrays; those over floats are written so that the compiler makes them fast. Values of
 * double precision are added in their order.
 */
public final class Vectors {
    private Vectors() {}

    /** The dot product of two arrays of a length. */
    public static float dot(float[] a, float[] b) {
        return dot(a, 0, b, 0, a.length);
    }

    /**
     * The dot product of two pieces. Sums run side by side, since one sum waits for each addition.
     */
    public static float dot(float[] a, int atA, float[] b, int atB, int size) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int i = 0;
        for (; i <= size - 8; i += 8) {
            s0 += a[atA + i] * b[atB + i];
            s1 += a[atA + i + 1] * b[atB + i + 1];
            s2 += a[atA + i + 2] * b[atB + i + 2];
            s3 += a[atA + i + 3] * b[atB + i + 3];
            s4 += a[atA + i + 4] * b[atB + i + 4];
            s5 += a[atA + i + 5] * b[atB + i + 5];
            s6 += a[atA + i + 6] * b[atB + i + 6];
            s7 += a[atA + i + 7] * b[atB + i + 7];
        }
        for (; i < size; i++) {
            s0 += a[atA + i] * b[atB + i];
        }
        return ((s0 + s4) + (s1 + s5)) + ((s2 + s6) + (s3 + s7));
    }

    /** The squared Euclidean distance of two arrays of a length. */
    public static double squaredDistance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            double difference = (double) a[i] - b[i];
            sum += difference * difference;
        }
        return sum;
    }

    /** Adds a multiple of an array to another of its length. */
    public static void addMultiple(float factor, float[] of, float[] sum) {
        for (int i = 0; i < sum.length; i++) { // no offsets: they would keep it from vectorising
            sum[i] += factor * of[i];
        }
    }

    /** Multiplies an array. */
    public static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    /** The sum of the products of the values at the same places of two arrays of a length. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The sum of all values. */
    public static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
