package stir.core.inversion.search;

import java.util.Optional;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inputs.Rows;
import stir.core.inversion.Seed;
import stir.core.inversion.optimizer.constraint.FixedElements;
import stir.core.math.random.KeyedRandom;
import stir.core.network.pass.Box;

/** A source of the seeds of inputs. */
public final class SeedSource {
    /** The deviation of the noise that turns a seed that is not random into another one. */
    private static final double DEVIATION = 0.1;

    /**
     * The share of the distance to the box's point nearest to a far seed by which the search begins
     * away from its input. Searches from that point itself often find nothing, and those from
     * nearer to the input stay near it.
     */
    private static final float START = 0.3f;

    private final Seed seed;
    private final long rngSeed;
    private final Inputs inputs;
    private final Inputs given;

    /**
     * Creates a source of seeds.
     *
     * @throws UsageException if the seed is not defined for these inputs
     */
    public SeedSource(Seed seed, long rngSeed, Inputs inputs) {
        this.seed = seed;
        this.rngSeed = rngSeed;
        this.inputs = inputs;
        this.given = seed instanceof Seed.Given path
                ? InputsSpec.of(path.path())
                        .withChannelOf(inputs)
                        .openUnbounded()
                        .in(inputs.facts().range())
                : inputs;
        if (seed == Seed.Kind.OTHER_INPUT && inputs.count() < 2) {
            throw new UsageException("The seed other-input needs at least 2 inputs: use more inputs, or another seed.");
        }
        if (seed == Seed.Kind.OTHER_CLASS) {
            for (int i = 0; i < inputs.count(); i++) {
                if (inputs.facts().label(i).isEmpty()) {
                    throw new UsageException(
                            "The seed other-class needs the inputs' labels, and %s has none: use an IDX or CIFAR file, or another seed."
                                    .formatted(inputs.facts().source()));
                }
            }
        }
        if (seed == Seed.Kind.SMOOTH_NOISE && inputs.shape().rank() != 3) {
            throw new UsageException(
                    "The seed smooth-noise needs images, but the inputs have the shape %s: use another seed."
                            .formatted(inputs.shape()));
        }
        if (!given.shape().equals(inputs.shape()) || given.count() < inputs.count()) {
            throw new DataException(
                    "%s has %d seeds of %s, but the inputs are %d of %s: provide one seed of the same shape for each input."
                            .formatted(
                                    given.facts().source(),
                                    given.count(),
                                    given.shape(),
                                    inputs.count(),
                                    inputs.shape()));
        }
    }

    /** Writes the seed of an input into a row. */
    public void write(int index, Batch into, int row) {
        var kind = kind(index);
        boolean isOneForAll = kind.isOneForAll();
        write(kind, index, KeyedRandom.of(rngSeed, isOneForAll ? KeyedRandom.WHOLE_SET : index), into, row);
        FixedElements.keep(inputs, index, into, row);
    }

    private Seed kind(int index) {
        if (seed != Seed.Kind.ALL_KINDS) {
            return seed;
        }
        return index % 3 == 0 ? Seed.Kind.ONE_NOISE : new Seed.Constant(index % 3 == 1 ? 1 : 0);
    }

    /**
     * Writes another seed of an input, for a search that is stuck. It is of the same kind with
     * other random numbers, since seeds nearer to the inputs would raise STIR; noise is added to a
     * seed that is not random. A search with a far seed begins again nearer to its input.
     *
     * @param restart the number of the seed, from 1
     */
    public void writeAgain(int index, int restart, Batch into, int row) {
        if (seed instanceof Seed.Far) {
            writeStart(index, Math.scalb(START, -restart), into, row);
            return;
        }
        var random = KeyedRandom.of(rngSeed, index, restart);
        var kind = kind(index);
        write(kind, index, random, into, row);
        if (kind instanceof Seed.Constant || kind instanceof Seed.Given) {
            addNoise(into, row, DEVIATION, random);
        }
        FixedElements.keep(inputs, index, into, row);
    }

    /** Returns the first points of searches that do not begin at their seeds. */
    Optional<Rows> starts() {
        return seed instanceof Seed.Far
                ? Optional.of((index, into, row) -> writeStart(index, START, into, row))
                : Optional.empty();
    }

    private void writeStart(int index, float share, Batch into, int row) {
        var end = Batch.allocate(1, inputs.shape());
        write(index, end, 0);
        Box.clamp(end, 0);
        inputs.read(index, into, row);
        for (int i = 0; i < into.rowSize(); i++) {
            float from = into.get(row, i);
            into.set(row, i, Box.clamp(from + share * (end.get(0, i) - from)));
        }
    }

    private static void addNoise(Batch into, int row, double deviation, Random random) {
        for (int i = 0; i < into.rowSize(); i++) {
            into.set(row, i, into.get(row, i) + (float) (deviation * random.nextGaussian()));
        }
    }

    private void write(Seed kind, int index, Random random, Batch into, int row) {
        if (kind == Seed.Kind.SUPER_NOISE || kind == Seed.Kind.ONE_NOISE) {
            fill(into, row, random, Random::nextGaussian);
        } else if (kind == Seed.Kind.SMOOTH_NOISE) {
            SmoothNoise.write(inputs.shape(), random, into, row);
        } else if (kind == Seed.Kind.UNIFORM || kind == Seed.Kind.ONE_UNIFORM) {
            fill(into, row, random, Random::nextFloat);
        } else if (kind instanceof Seed.Constant constant) {
            fill(into, row, random, unused -> constant.value());
        } else if (kind instanceof Seed.LightNoise noise) {
            inputs.read(index, into, row);
            addNoise(into, row, noise.deviation(), random);
        } else if (kind instanceof Seed.Far far) {
            fill(into, row, random, next -> 0.5 + (next.nextBoolean() == far.opposite() ? -1 : 1) * Seed.Far.REACH);
        } else if (kind == Seed.Kind.OTHER_INPUT) {
            inputs.read(choose(random, index, other -> other != index), into, row);
        } else if (kind == Seed.Kind.OTHER_CLASS) {
            int own = inputs.facts().label(index).orElseThrow();
            inputs.read(
                    choose(random, index, other -> inputs.facts().label(other).orElseThrow() != own), into, row);
        } else {
            given.read(index, into, row);
        }
    }

    private static void fill(Batch into, int row, Random random, ToDoubleFunction<Random> next) {
        for (int i = 0; i < into.rowSize(); i++) {
            into.set(row, i, (float) next.applyAsDouble(random));
        }
    }

    private int choose(Random random, int index, IntPredicate allowed) {
        int start = random.nextInt(inputs.count());
        for (int i = 0; i < inputs.count(); i++) {
            int candidate = (start + i) % inputs.count();
            if (allowed.test(candidate)) {
                return candidate;
            }
        }
        throw new DataException("No input has another class than input %d of %s: use another seed."
                .formatted(index, inputs.facts().source()));
    }
}
