package stir.core.inversion;

import java.util.Optional;
import stir.api.Norm;

/**
 * Steps along the gradient: {@link Optimizer#PUBLISHED}.
 *
 * @param common the settings that all stepwise methods share; its tolerance is 0 if the objective
 *     augments images, because no step then measures the residual
 * @param norm the norm of the relative distance
 * @param objective the value that is minimised
 * @param steps the settings of the steps that move points
 * @since 0.1.0
 */
public record GradientDescent(StepwiseSettings common, Norm norm, Objective objective, Steps steps)
        implements Method.Stepwise {
    /** The published search. */
    public static final GradientDescent PUBLISHED = of(Objective.DISTANCE);

    /** Creates the published search for another objective. */
    public static GradientDescent of(Objective objective) {
        return new GradientDescent(StepwiseSettings.of(1000, 0), Norm.L2, objective, Steps.PUBLISHED);
    }

    @Override
    public Optimizer optimizer() {
        return Optimizer.PUBLISHED;
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
