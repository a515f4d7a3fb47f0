package stir.core.inversion;

import stir.api.Norm;

import java.util.Objects;
import java.util.Optional;

/**
 * An attack on linear CKA: the value is the CKA of the reference and a second network on the inputs
 * that are searched, in groups of {@link #GROUP} inputs; steps along its gradient make it small.
 * Source: {@code SimLoss} in the code of Nanda et al., ICML 2022, where a group is a batch.
 *
 * @param second the second network
 * @param iterations the steps, from 1 to {@link Method#MOST_ITERATIONS}
 * @param norm of the relative distance that is reported
 * @param fakeRelu whether it may use a fake ReLU, which it does wherever there is one
 * @param steps how points move
 * @param ball where they stay besides the box
 */
public record CkaAttack(
        SecondNetwork second,
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

    /** Checks the iterations. */
    public CkaAttack {
        Objects.requireNonNull(second, "second");
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
        return new CkaAttack(second, other, norm, fakeRelu, steps, ball);
    }

    @Override
    public Optional<SecondNetwork> secondNetwork() {
        return Optional.of(second);
    }

    @Override
    public boolean stepsEachInput() {
        return false;
    }
}
