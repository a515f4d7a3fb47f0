package stir.core;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Tests that are repeated with generators of known seeds. */
public final class Seeded {
    private Seeded() {}

    /** A check of what a generator draws. */
    @FunctionalInterface
    public interface Check {
        /** Runs the check, and throws what makes the test fail. */
        void with(Random random) throws Exception;
    }

    /**
     * Returns a test per seed, from 0 on. The message of a failure begins with the seed.
     *
     * @param count the number of seeds
     * @param check the check, which gets a generator with the seed
     */
    public static Stream<DynamicTest> tests(int count, Check check) {
        return LongStream.range(0, count).mapToObj(seed -> dynamicTest("seed " + seed, () -> run(seed, check)));
    }

    private static void run(long seed, Check check) {
        try {
            check.with(new Random(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError("With the seed %d: %s".formatted(seed, e), e);
        }
    }
}
