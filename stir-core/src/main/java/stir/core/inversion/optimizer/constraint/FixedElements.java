package stir.core.inversion.optimizer.constraint;

import java.util.BitSet;
import java.util.List;
import stir.api.Batch;
import stir.core.inputs.Inputs;
import stir.core.inversion.optimizer.DelegatingSteps;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;

/**
 * A rule that leaves elements of each input as they are: their gradients are 0 for another rule,
 * and their values those of the input after each of its steps.
 *
 * @param rule the other rule, whose seeds have the fixed elements
 * @param inputs the inputs of the search
 * @param <S> the other rule's state of an input
 */
public record FixedElements<S extends UpdateState>(UpdateRule<S> rule, Inputs inputs)
        implements UpdateRule<FixedElements.Kept<S>> {
    /** An input's steps that keep its fixed elements. */
    public static final class Kept<S extends UpdateState> extends DelegatingSteps<S> {
        private final BitSet fixed;
        private final float[] input;

        private Kept(S delegate, BitSet fixed, float[] input) {
            super(delegate);
            this.fixed = fixed;
            this.input = input;
        }

        @Override
        public void step(int step, double residual, float[] point, float[] gradient) {
            fixed.stream().forEach(i -> gradient[i] = 0);
            delegate.step(step, residual, point, gradient);
            fixed.stream().forEach(i -> point[i] = input[i]);
        }
    }

    /**
     * Replaces elements of a row by those of an input, where these are fixed.
     *
     * @param inputs the inputs of the search
     */
    public static void keep(Inputs inputs, int index, Batch into, int row) {
        var fixed = inputs.facts().fixed(index);
        if (!fixed.isEmpty()) {
            var given = inputs.read(index, 1);
            fixed.stream().forEach(i -> into.set(row, i, given.get(0, i)));
        }
    }

    @Override
    public Kept<S> begin(int input, float[] seed) {
        var given = inputs.read(input, 1).toArray();
        return new Kept<>(rule.begin(input, seed), inputs.facts().fixed(input), given);
    }

    @Override
    public void differentiate(Pass pass, List<Kept<S>> states) {
        rule.differentiate(pass, DelegatingSteps.delegates(states));
    }
}
