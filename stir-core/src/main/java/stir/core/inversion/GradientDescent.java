package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.util.Objects;
import java.util.Optional;

/**
 * Steps along the gradient: {@link Optimizer#REFERENCE}.
 *
 * @param iterations the most steps for each input, from 1 to {@link Method#MOST_ITERATIONS}
 * @param tolerance the relative distance at which an input is found and leaves the search, whatever
 *     other terms the objective has; 0 to use all iterations. With distortions 0, since no step
 *     tells the residual
 * @param norm the distance's norm
 * @param fakeRelu whether it may use a fake ReLU, which it does wherever there is one ({@link
 *     stir.api.FakeRelu#BEFORE_LAYER}); {@link Inversion#fakeRelu} tells whether it did
 * @param objective what is made small
 * @param steps how points move
 * @param ball where they stay besides the box
 * @since 0.1.0
 */
public record GradientDescent(
        int iterations,
        double tolerance,
        Norm norm,
        boolean fakeRelu,
        Objective objective,
        Steps steps,
        Optional<Ball> ball)
        implements Method {
    /** The published search. */
    public static final GradientDescent PUBLISHED =
            new GradientDescent(
                    1000, 0, Norm.L2, true, Objective.DISTANCE, Steps.PUBLISHED, Optional.empty());

    /** Checks the ranges. */
    public GradientDescent {
        Method.checkedIterations(iterations);
        Method.checkedTolerance(tolerance);
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(objective, "objective");
        Objects.requireNonNull(steps, "steps");
        Objects.requireNonNull(ball, "ball");
        if (tolerance > 0 && !objective.distortions().isEmpty()) {
            throw new UsageException(
                    "With transforms no step measures the residual: leave the tolerance out.");
        }
    }

    @Override
    public Optimizer optimizer() {
        return Optimizer.REFERENCE;
    }

    @Override
    public GradientDescent withIterations(int other) {
        return new GradientDescent(other, tolerance, norm, fakeRelu, objective, steps, ball);
    }

    /** The same with another objective. */
    public GradientDescent withObjective(Objective other) {
        return new GradientDescent(iterations, tolerance, norm, fakeRelu, other, steps, ball);
    }

    /** The same with other steps. */
    public GradientDescent withSteps(Steps other) {
        return new GradientDescent(iterations, tolerance, norm, fakeRelu, objective, other, ball);
    }

    @Override
    public boolean needsGradients() {
        return steps.estimate().isEmpty();
    }

    @Override
    public Optional<SecondNetwork> secondNetwork() {
        return objective.controversial().map(Controversial::network);
    }
}
