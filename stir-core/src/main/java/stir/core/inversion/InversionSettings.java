package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;
import stir.core.arrays.ContentHash;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How invariant inputs are searched for. The objective is each input's relative distance {@code
 * ||m(x') - m(x)||_p / ||m(x)||_p} for the reference model m.
 *
 * @param optimizer the rule of the search
 * @param iterations the most steps for each input, from 1 to {@link #MOST_ITERATIONS}
 * @param tolerance the relative distance at which an input is found and leaves the search; 0 to use
 *     all iterations
 * @param seed where the search begins
 * @param rngSeed keys all random numbers
 * @param norm the distance's norm
 * @param batchSize how many inputs are searched at a time, at least 1; the results do not depend on
 *     it
 * @param fakeRelu whether the optimiser may use a fake ReLU ({@link
 *     stir.api.HookOptions#fakeRelu}): {@code reference} does wherever there is one, {@code fast}
 *     only where it is the layer itself; {@link Inversion#fakeRelu} tells whether it did
 */
public record InversionSettings(
        Optimizer optimizer,
        int iterations,
        double tolerance,
        Seed seed,
        long rngSeed,
        Norm norm,
        int batchSize,
        boolean fakeRelu) {
    /** More steps than this are taken for a mistake. */
    public static final int MOST_ITERATIONS = 1_000_000;

    /** The published settings. */
    public static final InversionSettings REFERENCE =
            new InversionSettings(
                    Optimizer.REFERENCE,
                    Optimizer.REFERENCE.defaultIterations(),
                    0,
                    new Seed.SuperNoise(),
                    0,
                    Norm.L2,
                    100,
                    true);

    /** Checks the ranges, and that the optimiser has the norm. */
    public InversionSettings {
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(norm, "norm");
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new UsageException(
                    "%d iterations can't be made: give a number from 1 to %d."
                            .formatted(iterations, MOST_ITERATIONS));
        }
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new UsageException(
                    "The tolerance is a relative distance from 0 to 1, not " + tolerance + ".");
        }
        if (optimizer == Optimizer.FAST && !norm.equals(Norm.L2)) {
            throw new UsageException(
                    "The optimizer fast takes the norm 2 only, not %s: use the optimizer reference for another norm."
                            .formatted(norm));
        }
        if (batchSize < 1) {
            throw new UsageException("The batch size must be at least 1, not " + batchSize + ".");
        }
    }

    /** These settings with another optimiser and its default number of iterations. */
    public InversionSettings withOptimizer(Optimizer other) {
        return new InversionSettings(
                other,
                other.defaultIterations(),
                tolerance,
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu);
    }

    /** These settings with another number of iterations. */
    public InversionSettings withIterations(int other) {
        return new InversionSettings(
                optimizer, other, tolerance, seed, rngSeed, norm, batchSize, fakeRelu);
    }

    /** These settings with another tolerance. */
    public InversionSettings withTolerance(double other) {
        return new InversionSettings(
                optimizer, iterations, other, seed, rngSeed, norm, batchSize, fakeRelu);
    }

    /** These settings with another seed. */
    public InversionSettings withSeed(Seed other) {
        return new InversionSettings(
                optimizer, iterations, tolerance, other, rngSeed, norm, batchSize, fakeRelu);
    }

    /** These settings with another key of the random numbers. */
    public InversionSettings withRngSeed(long other) {
        return new InversionSettings(
                optimizer, iterations, tolerance, seed, other, norm, batchSize, fakeRelu);
    }

    /** These settings with another norm. */
    public InversionSettings withNorm(Norm other) {
        return new InversionSettings(
                optimizer, iterations, tolerance, seed, rngSeed, other, batchSize, fakeRelu);
    }

    /** These settings with another batch size. */
    public InversionSettings withBatchSize(int other) {
        return new InversionSettings(
                optimizer, iterations, tolerance, seed, rngSeed, norm, other, fakeRelu);
    }

    /** These settings with or without the fake ReLU. */
    public InversionSettings withFakeRelu(boolean other) {
        return new InversionSettings(
                optimizer, iterations, tolerance, seed, rngSeed, norm, batchSize, other);
    }

    /**
     * Everything that the results of a search depend on, by the names of the options and in a fixed
     * order: two searches of the same network and inputs find the same if their descriptions are
     * equal. The batch size is not there, since results do not depend on it. Of a file only its
     * name and the hash of what it holds count, not its folder.
     *
     * @return values are {@link String}, {@link Boolean}, {@link Integer}, {@link Long} or {@link
     *     Double}; can't be changed
     * @throws stir.api.DataException if a file that the settings name can't be read
     */
    public Map<String, Object> describe() {
        var described = new LinkedHashMap<String, Object>();
        described.put("optimizer", optimizer.toString());
        described.put("iterations", iterations);
        described.put("tolerance", tolerance);
        if (seed instanceof Seed.Given given) {
            described.put("seed", String.valueOf(given.path().getFileName()));
            described.put("seed-sha256", ContentHash.of(given.path()));
        } else {
            described.put("seed", seed.text());
        }
        described.put("rng-seed", rngSeed);
        described.put("norm", norm.toString());
        described.put("fake-relu", fakeRelu);
        return Collections.unmodifiableMap(described);
    }
}
