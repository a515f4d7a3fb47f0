package stir.core.math.linalg;

/**
 * Loops over arrays. Those over floats are written so that the compiler vectorises them; doubles
 * are added in their order.
 */
public final class Vectors {
    /** The length from which arrays are added up in lanes. */
    private static final int LONG = 1 << 14;

    /** The number of parallel sums. */
    private static final int LANES = 512;

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
     * Computes the dot products of rows with an array of their length. Long rows take little more
     * than half the time of {@link #dot(float[], float[])} per row: the compiler does not vectorise
     * a single sum, but does vectorise sums over arrays of lanes, which are allocated.
     *
     * @param count the number of rows, from the first on
     */
    public static void dots(float[][] rows, int count, float[] with, double[] into) {
        int inLanes = with.length < LONG ? 0 : with.length / LANES * LANES;
        for (int row = 0; row < count; row++) {
            into[row] = dot(rows[row], inLanes, with, inLanes, with.length - inLanes);
        }
        if (inLanes > 0) {
            addDotsInLanes(rows, count, with, inLanes, into);
        }
    }

    private static void addDotsInLanes(
            float[][] rows, int count, float[] with, int size, double[] into) {
        var sums = new float[count][LANES];
        var piece = new float[LANES];
        var rowPiece = new float[LANES];
        for (int at = 0; at < size; at += LANES) {
            System.arraycopy(with, at, piece, 0, LANES);
            for (int row = 0; row < count; row++) {
                System.arraycopy(rows[row], at, rowPiece, 0, LANES);
                addProducts(piece, rowPiece, sums[row]);
            }
        }
        for (int row = 0; row < count; row++) {
            for (float sum : sums[row]) {
                into[row] += sum;
            }
        }
    }

    /** Adds products without array offsets, so that the loop is vectorised. */
    private static void addProducts(float[] a, float[] b, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a[i] * b[i];
        }
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

    /** Returns the sum of all values. */
    public static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
