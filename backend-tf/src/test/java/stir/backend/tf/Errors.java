package stir.backend.tf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Comparison of vectors. */
final class Errors {
    private Errors() {}

    /** Checks that the Euclidean norm of a difference is small next to what is expected. */
    static void assertClose(double[] expected, float[] actual, double tolerance, String what) {
        assertEquals(expected.length, actual.length, what);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(expected[i] - actual[i], 2);
            size += Math.pow(expected[i], 2);
        }
        double error = Math.sqrt(difference / size);
        assertTrue(error <= tolerance, what + ": relative error " + error);
    }
}
