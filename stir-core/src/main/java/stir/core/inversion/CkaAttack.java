package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * An attack on linear CKA: the value is the CKA of the reference and a second network on the inputs
 * that are searched, in groups of {@link #GROUP} inputs; steps along its gradient make it small.
 * Source: {@code SimLoss} in the code of Nanda et al., ICML 2022, where a group is a batch.
 *
 * <p>If one network is kept, the value is that CKA, minus the CKA of the kept network's
 * representations of the searched and the given inputs, plus that of the other's: {@code
 * SimLossConstant} in the same code.
 *
 * @param second the second network
 * @param kept which network stays as it is; empty if that plays no part
 * @param iterations the steps, from 1 to {@link Method#MOST_ITERATIONS}
 * @param norm of the relative distance that is reported
 * @param fakeRelu whether it may use a fake ReLU, which it does wherever there is one ({@link
 *     stir.api.FakeRelu#BEFORE_LAYER})
 * @param steps how points move
 * @param ball where they stay besides the box
 * @since 0.1.0
 */
public record CkaAttack(
        SecondNetwork second,
        Optional<Kept> kept,
        int iterations,
        Norm norm,
        boolean fakeRelu,
        Steps steps,
        Optional<Ball> ball)
        implements Method {
    /**
     * The most inputs of one group. Groups are neighbouring inputs, as few as possible and as equal
     * as possible.
     */
    public static final int GROUP = 100;

    /** Which network's representations stay similar to those of the given inputs. */
    public enum Kept {
        /** The reference's; the second network's move away. */
        REFERENCE(-1, 1),
        /** The second network's; the reference's move away. */
        SECOND(1, -1),
        /** Neither's: both move away. */
        NEITHER(1, 1);

        private final int ofReference;
        private final int ofSecond;

        Kept(int ofReference, int ofSecond) {
            this.ofReference = ofReference;
            this.ofSecond = ofSecond;
        }

        /** What the CKA of the reference with itself counts: 1 or -1. */
        public int ofReference() {
            return ofReference;
        }

        /** What the CKA of the second network with itself counts: 1 or -1. */
        public int ofSecond() {
            return ofSecond;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads a word.
         *
         * @throws UsageException if it is none
         */
        public static Kept parse(String word) {
            return Arrays.stream(values())
                    .filter(kept -> kept.toString().equals(word))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new UsageException(
                                            "'%s' is not what a CKA attack can keep: take reference, second or neither."
                                                    .formatted(word)));
        }
    }

    /** Checks the iterations. */
    public CkaAttack {
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(kept, "kept");
        Method.checkedIterations(iterations);
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(steps, "steps");
        Objects.requireNonNull(ball, "ball");
    }

    /** The steps and the norm of the published search. */
    public static CkaAttack of(SecondNetwork second) {
        var published = GradientDescent.PUBLISHED;
        return new CkaAttack(
                second,
                Optional.empty(),
                published.iterations(),
                published.norm(),
                published.fakeRelu(),
                published.steps(),
                published.ball());
    }

    @Override
    public Optimizer optimizer() {
        return Optimizer.REFERENCE;
    }

    @Override
    public double tolerance() {
        return 0;
    }

    @Override
    public CkaAttack withIterations(int other) {
        return new CkaAttack(second, kept, other, norm, fakeRelu, steps, ball);
    }

    /** The same with a network that stays as it is. */
    public CkaAttack keeping(Kept other) {
        return new CkaAttack(second, Optional.of(other), iterations, norm, fakeRelu, steps, ball);
    }

    @Override
    public Optional<SecondNetwork> secondNetwork() {
        return Optional.of(second);
    }

    @Override
    public boolean stepsEachInput() {
        return false;
    }

    /** Returns the first input of a group, or the number of inputs. */
    public static int start(int group, int inputs) {
        int groups = (inputs + GROUP - 1) / GROUP;
        return (int) ((long) group * inputs / groups);
    }

    @Override
    public int borderFrom(int index, int inputs) {
        int group = 0;
        while (start(group, inputs) < index) {
            group++;
        }
        return start(group, inputs);
    }
}
