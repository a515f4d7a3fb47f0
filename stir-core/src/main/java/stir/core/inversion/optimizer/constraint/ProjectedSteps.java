package stir.core.inversion.optimizer.constraint;

import java.util.Arrays;
import java.util.List;
import stir.core.inversion.optimizer.DelegatingSteps;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.network.pass.Box;

/**
 * A rule that projects the point after each step of another rule.
 *
 * @param rule the other rule
 * @param around the function that creates an input's projection, given its seed
 * @param <S> the other rule's state of an input
 */
public record ProjectedSteps<S extends UpdateState>(UpdateRule<S> rule, Around around)
        implements UpdateRule<ProjectedSteps.Projected<S>> {
    /** A factory of projections. */
    @FunctionalInterface
    public interface Around {
        /** Returns the projection of an input that begins at a seed. */
        Projection of(int input, float[] seed);
    }

    /** An input's steps with a projection after each. */
    public static final class Projected<S extends UpdateState> extends DelegatingSteps<S> {
        private final Projection projection;
        private final boolean beginsAtSeed;

        private Projected(S delegate, Projection projection, boolean beginsAtSeed) {
            super(delegate);
            this.projection = projection;
            this.beginsAtSeed = beginsAtSeed;
        }

        /**
         * {@inheritDoc} Unknown if the seed lies outside the set, since the wrapped steps measure
         * from the projected seed.
         */
        @Override
        public double movedAtLeast() {
            return beginsAtSeed ? delegate.movedAtLeast() : Double.NaN;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            delegate.step(step, residual, point, gradient);
            projection.project(point);
        }
    }

    @Override
    public Projected<S> begin(int input, float[] seed) {
        var projection = around.of(input, seed);
        var inBox = seed.clone();
        Box.clamp(inBox);
        projection.project(seed);
        boolean beginsAtSeed = Arrays.equals(seed, inBox);
        return new Projected<>(rule.begin(input, seed), projection, beginsAtSeed);
    }

    @Override
    public void differentiate(Pass pass, List<Projected<S>> inputs) {
        rule.differentiate(pass, DelegatingSteps.delegates(inputs));
    }
}
