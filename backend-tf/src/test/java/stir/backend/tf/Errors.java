package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import stir.api.Batch;

/** Comparisons of vectors. */
final class Errors {
    private Errors() {}

    /** Returns the Euclidean norm of a difference divided by that of the expected vector. */
    static double relative(double[] expected, float[] actual) {
        assertEquals(expected.length, actual.length, "values");
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(expected[i] - actual[i], 2);
            size += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / size);
    }

    /** Checks that two ways to compute the same differ by rounding at most. */
    static void assertSame(Batch expected, Batch actual) {
        var exact = new double[expected.buffer().limit()];
        Arrays.setAll(exact, i -> expected.buffer().get(i));
        assertClose(exact, actual.toArray(), 1e-5, "another way");
    }

    /** Checks that the relative error is small. */
    static void assertClose(double[] expected, float[] actual, double tolerance, String what) {
        double error = relative(expected, actual);
        assertTrue(error <= tolerance, what + ": relative error " + error);
    }
}
