package stir.core.inversion.rule;

import stir.core.network.pass.Box;

import java.util.Arrays;
import java.util.List;

/**
 * A rule whose points stay somewhere: after each step of the rule behind it the point is projected.
 *
 * @param rule the rule behind it
 * @param around makes an input's projection, given its seed
 * @param <S> what that rule remembers of an input
 */
record ProjectedSteps<S extends InputSteps>(UpdateRule<S> rule, Around around)
        implements UpdateRule<ProjectedSteps.Projected<S>> {
    /** Makes the projection of an input. */
    @FunctionalInterface
    interface Around {
        /** Where the points of an input stay that begins at a seed. */
        Projection of(int input, float[] seed);
    }

    /** An input's steps with a projection after each. */
    static final class Projected<S extends InputSteps> extends StepsBehind<S> {
        private final Projection projection;
        private final boolean beginsAtSeed;

        Projected(S behind, Projection projection, boolean beginsAtSeed) {
            super(behind);
            this.projection = projection;
            this.beginsAtSeed = beginsAtSeed;
        }

        /** Unknown if the seed lies outside, since the steps behind count from where they begin. */
        @Override
        public double movedAtLeast() {
            return beginsAtSeed ? behind.movedAtLeast() : Double.NaN;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            behind.step(step, residual, point, gradient);
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
        rule.differentiate(pass, StepsBehind.behind(inputs));
    }
}
