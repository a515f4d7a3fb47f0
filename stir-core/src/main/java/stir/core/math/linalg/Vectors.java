package stir.core.math.linalg;

/**
 * Loops over arrays. Those over floats that write arrays are vectorised by the compiler, and those
 * that add up have several sums; whole arrays of doubles are added in their order.
 */
public final class Vectors {
    /** The number of parallel sums of three products. */
    private static final int THIRD = 256;

    private static final int BLOCK = 3 * THIRD;

    private Vectors() {}

    /** Returns the dot product of two arrays of equal length. */
    public static float dot(float[] a, float[] b) {
        return dot(a, 0, b, 0, a.length);
    }

    /**
     * Returns the dot product of two pieces, by eight sums, since a single sum would wait for each
     * addition.
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

    /**
     * Computes the dot products of rows with an array of their length. The bits of one do not
     * depend on the other rows.
     *
     * @param count the number of rows, from the first on
     */
    public static void dots(float[][] rows, int count, float[] with, double[] into) {
        dots(rows, count, with, with.length, into);
    }

    /**
     * Computes the dot products of the first values of rows with those of an array.
     *
     * @param count the number of rows, from the first on
     * @param size the number of values per row
     */
    public static void dots(float[][] rows, int count, float[] with, int size, double[] into) {
        dots(rows, count, new float[][] {with}, size, new double[][] {into});
    }

    /**
     * Computes the dot products of the first values of rows with those of several arrays, for which
     * long rows are read from memory once. The compiler does not vectorise a sum. It does vectorise
     * a loop that stores sums of three products whose factors are a constant distance apart. Whole
     * blocks of these take a third of the time of {@link #dot(float[], float[])}, and the rest,
     * four rows at a time, two thirds. Allocates up to {@code size} floats.
     *
     * @param count the number of rows, from the first on
     * @param size the number of values per row
     * @param into the array that receives the products of each array
     */
    public static void dots(float[][] rows, int count, float[][] with, int size, double[][] into) {
        int inBlocks = size / BLOCK * BLOCK;
        for (int row = 0; row < count; row += 4) {
            for (int i = 0; i < with.length; i++) {
                dotFour(rows, row, count - 1, with[i], inBlocks, size, into[i]);
            }
        }
        var sums = new float[inBlocks];
        for (int at = 0; at < inBlocks; at += BLOCK) {
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < with.length; i++) {
                    multiplyBlock(rows[row], with[i], at, at + THIRD, sums);
                    into[i][row] += sum(sums, at, at + THIRD);
                }
            }
        }
    }

    /** Writes the sum of three products for each value of a third of a block. */
    private static void multiplyBlock(float[] a, float[] b, int from, int to, float[] sums) {
        for (int i = from; i < to; i++) { // without offsets, so that it is vectorised
            sums[i] = a[i] * b[i] + a[i + THIRD] * b[i + THIRD] + a[i + 2 * THIRD] * b[i + 2 * THIRD];
        }
    }

    private static float sum(float[] values, int from, int to) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        for (int i = from; i < to; i += 4) {
            s0 += values[i];
            s1 += values[i + 1];
            s2 += values[i + 2];
            s3 += values[i + 3];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Writes the products of pieces of four rows, or of those up to the last one. */
    private static void dotFour(float[][] rows, int first, int last, float[] with, int from, int to, double[] into) {
        int second = Math.min(first + 1, last);
        int third = Math.min(first + 2, last);
        int fourth = Math.min(first + 3, last);
        float[] a = rows[first];
        float[] b = rows[second];
        float[] c = rows[third];
        float[] d = rows[fourth];
        float a0 = 0;
        float a1 = 0;
        float b0 = 0;
        float b1 = 0;
        float c0 = 0;
        float c1 = 0;
        float d0 = 0;
        float d1 = 0;
        int i = from;
        for (; i < to - 1; i += 2) {
            float x0 = with[i];
            float x1 = with[i + 1];
            a0 += a[i] * x0;
            a1 += a[i + 1] * x1;
            b0 += b[i] * x0;
            b1 += b[i + 1] * x1;
            c0 += c[i] * x0;
            c1 += c[i + 1] * x1;
            d0 += d[i] * x0;
            d1 += d[i + 1] * x1;
        }
        if (i < to) {
            a0 += a[i] * with[i];
            b0 += b[i] * with[i];
            c0 += c[i] * with[i];
            d0 += d[i] * with[i];
        }
        into[first] = a0 + a1;
        into[second] = b0 + b1;
        into[third] = c0 + c1;
        into[fourth] = d0 + d1;
    }

    /** Returns the squared Euclidean distance of two arrays of equal length. */
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
        for (int i = 0; i < sum.length; i++) { // without offsets, so that it is vectorised
            sum[i] += factor * of[i];
        }
    }

    /**
     * Adds multiples of rows to an array of their length, in their order; four at a time, so that
     * the sums are not loaded for each.
     *
     * @param count the number of rows, from the first on
     */
    public static void addMultiples(double[] factors, float[][] rows, int count, float[] sum) {
        int row = 0;
        for (; row <= count - 4; row += 4) {
            addFour(factors, rows, row, sum);
        }
        for (; row < count; row++) {
            addMultiple((float) factors[row], rows[row], sum);
        }
    }

    private static void addFour(double[] factors, float[][] rows, int first, float[] sum) {
        float f0 = (float) factors[first];
        float f1 = (float) factors[first + 1];
        float f2 = (float) factors[first + 2];
        float f3 = (float) factors[first + 3];
        float[] r0 = rows[first];
        float[] r1 = rows[first + 1];
        float[] r2 = rows[first + 2];
        float[] r3 = rows[first + 3];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] + f0 * r0[i] + f1 * r1[i] + f2 * r2[i] + f3 * r3[i];
        }
    }

    /** Multiplies an array by a factor. */
    public static void scale(float[] values, float factor) {
        for (int i = 0; i < values.length; i++) {
            values[i] *= factor;
        }
    }

    /** Returns the dot product of two arrays of equal length. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /**
     * Returns the dot product of two pieces at the same place, by four sums, since a single sum
     * would wait for each addition.
     */
    static double dot(double[] a, double[] b, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = from;
        for (; i <= to - 4; i += 4) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
        }
        for (; i < to; i++) {
            s0 += a[i] * b[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Returns the sum of all values. */
    public static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
