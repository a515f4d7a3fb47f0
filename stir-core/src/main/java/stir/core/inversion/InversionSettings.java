package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;
import stir.core.files.ContentHash;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How invariant inputs are searched for. The objective is each input's relative distance {@code
 * ||m(x') - m(x)||_p / ||m(x)||_p} for the reference model m, with what {@link Objective} adds.
 *
 * @param optimizer the rule of the search
 * @param iterations the most steps for each input, from 1 to {@link #MOST_ITERATIONS}
 * @param tolerance the relative distance at which an input is found and leaves the search, whatever
 *     other terms the objective has; 0 to use all iterations
 * @param seed where the search begins
 * @param rngSeed keys all random numbers
 * @param norm the distance's norm
 * @param batchSize how many inputs are searched at a time, at least 1; the results do not depend on
 *     it
 * @param fakeRelu whether the optimiser may use a fake ReLU ({@link
 *     stir.api.HookOptions#fakeRelu}): {@code reference} does wherever there is one, {@code fast}
 *     only where it is the layer itself; {@link Inversion#fakeRelu} tells whether it did
 * @param objective what is made small besides the relative distance
 * @param movement how points move, and where to they may
 * @param candidates of {@link Optimizer#NEAREST}: what {@link stir.core.inputs.Inputs#open} opens;
 *     empty for the inputs themselves
 */
public record InversionSettings(
        Optimizer optimizer,
        int iterations,
        double tolerance,
        Seed seed,
        long rngSeed,
        Norm norm,
        int batchSize,
        boolean fakeRelu,
        Objective objective,
        Movement movement,
        Optional<Path> candidates) {
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
                    true,
                    Objective.DISTANCE,
                    Movement.REFERENCE,
                    Optional.empty());

    /** Checks the ranges, and that the optimiser has the norm and the objective. */
    public InversionSettings {
        Objects.requireNonNull(optimizer, "optimizer");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(objective, "objective");
        Objects.requireNonNull(movement, "movement");
        Objects.requireNonNull(candidates, "candidates");
        if (iterations < 1 || iterations > MOST_ITERATIONS) {
            throw new UsageException(
                    "%d iterations can't be made: give a number from 1 to %d."
                            .formatted(iterations, MOST_ITERATIONS));
        }
        if (!(tolerance >= 0 && tolerance < 1)) {
            throw new UsageException(
                    "The tolerance is a relative distance from 0 to 1, not " + tolerance + ".");
        }
        if (batchSize < 1) {
            throw new UsageException("The batch size must be at least 1, not " + batchSize + ".");
        }
        if (optimizer.isGaussNewton() && !norm.equals(Norm.L2)) {
            throw new UsageException(
                    "The optimizer %s takes the norm 2 only, not %s: use the optimizer reference for another norm."
                            .formatted(optimizer, norm));
        }
        if (optimizer != Optimizer.REFERENCE) {
            if (!objective.isDistance()) {
                throw new UsageException(
                        "The optimizer %s knows the relative distance alone: use the optimizer reference with regularisers, transforms or a second network."
                                .formatted(optimizer));
            }
            if (!movement.hasReferenceSteps()) {
                throw new UsageException(
                        "The optimizer %s chooses its steps itself: use the optimizer reference with a step, a momentum or the Fourier spectrum."
                                .formatted(optimizer));
            }
        }
        if (optimizer == Optimizer.NEAREST && movement.ball().isPresent()) {
            throw new UsageException(
                    "The optimizer nearest takes candidates as they are: leave the ball out.");
        }
        if (candidates.isPresent() && optimizer != Optimizer.NEAREST) {
            throw new UsageException(
                    "Candidates are for the optimizer nearest, not %s: leave them out, or choose nearest."
                            .formatted(optimizer));
        }
        if (tolerance > 0 && (!objective.distortions().isEmpty() || objective.isCkaAttack())) {
            throw new UsageException(
                    "With %s no step tells the residual: leave the tolerance out."
                            .formatted(objective.isCkaAttack() ? "a CKA attack" : "transforms"));
        }
    }

    /** These settings with another optimiser, its default number of iterations and tolerance. */
    public InversionSettings withOptimizer(Optimizer other) {
        return new InversionSettings(
                other,
                other.defaultIterations(),
                other.defaultTolerance(),
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with another number of iterations. */
    public InversionSettings withIterations(int other) {
        return new InversionSettings(
                optimizer,
                other,
                tolerance,
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with another tolerance. */
    public InversionSettings withTolerance(double other) {
        return new InversionSettings(
                optimizer,
                iterations,
                other,
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with another seed. */
    public InversionSettings withSeed(Seed other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                other,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with another key of the random numbers. */
    public InversionSettings withRngSeed(long other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                other,
                norm,
                batchSize,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with another norm. */
    public InversionSettings withNorm(Norm other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                rngSeed,
                other,
                batchSize,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with another batch size. */
    public InversionSettings withBatchSize(int other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                rngSeed,
                norm,
                other,
                fakeRelu,
                objective,
                movement,
                candidates);
    }

    /** These settings with or without the fake ReLU. */
    public InversionSettings withFakeRelu(boolean other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                rngSeed,
                norm,
                batchSize,
                other,
                objective,
                movement,
                candidates);
    }

    /** These settings with another objective. */
    public InversionSettings withObjective(Objective other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                other,
                movement,
                candidates);
    }

    /** These settings with another way of moving. */
    public InversionSettings withMovement(Movement other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                objective,
                other,
                candidates);
    }

    /** These settings with candidates for {@link Optimizer#NEAREST}. */
    public InversionSettings withCandidates(Path other) {
        return new InversionSettings(
                optimizer,
                iterations,
                tolerance,
                seed,
                rngSeed,
                norm,
                batchSize,
                fakeRelu,
                objective,
                movement,
                Optional.of(other));
    }

    /**
     * Everything that the results of a search depend on, by the names of the options and in a fixed
     * order: two searches of the same network and inputs find the same if their descriptions are
     * equal. The batch size is not there, since results do not depend on it. Of a file only its
     * name and the hash of what it holds count, not its folder. Terms, steps and constraints that
     * are not there are left out, and so are values of the published steps.
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
            describe("seed", given.path(), described);
        } else {
            described.put("seed", seed.text());
        }
        described.put("rng-seed", rngSeed);
        described.put("norm", norm.toString());
        described.put("fake-relu", fakeRelu);
        describe(objective, described);
        describe(movement, described);
        candidates.ifPresent(path -> describe("candidates", path, described));
        return Collections.unmodifiableMap(described);
    }

    private static void describe(String name, Path path, Map<String, Object> described) {
        described.put(name, String.valueOf(path.getFileName()));
        described.put(name + "-sha256", ContentHash.of(path));
    }

    private static void describe(Objective objective, Map<String, Object> described) {
        objective.regularisers().stream()
                .sorted(Comparator.comparing(Regulariser::name))
                .forEach(term -> described.put(term.name(), term.text()));
        objective
                .rival()
                .ifPresent(
                        rival -> {
                            String name = rival.optionName();
                            describe(name, rival.model(), described);
                            rival.layer().ifPresent(layer -> described.put(name + "-layer", layer));
                            if (!rival.mean().isEmpty()) {
                                described.put(name + "-mean", rival.mean().toString());
                            }
                            if (!rival.standardDeviation().isEmpty()) {
                                described.put(name + "-std", rival.standardDeviation().toString());
                            }
                            if (rival.aim() == Rival.Aim.CONTROVERSIAL) {
                                described.put(name + "-factor", rival.factor());
                            }
                        });
        if (!objective.distortions().isEmpty()) {
            described.put(
                    "transform",
                    objective.distortions().stream()
                            .map(Distortion::toString)
                            .collect(Collectors.joining(",")));
        }
    }

    private static void describe(Movement movement, Map<String, Object> described) {
        if (movement.step() != Movement.REFERENCE.step()) {
            described.put("step", movement.step());
        }
        if (movement.momentum() != Movement.REFERENCE.momentum()) {
            described.put("momentum", movement.momentum());
        }
        if (movement.fourier()) {
            described.put("fourier", true);
        }
        movement.ball().ifPresent(ball -> described.put("ball", ball.toString()));
    }
}
