package stir.core.inversion.optimizer;

import java.util.List;

/**
 * The rule by which an optimiser moves inputs: it creates a state per input, and makes passes of
 * many inputs. Not thread-safe: each worker has its own.
 *
 * @param <S> the state of an input
 */
public interface UpdateRule<S extends UpdateState> {
    /**
     * Creates the state of an input.
     *
     * @param input the input's index
     * @param seed its first point; may be changed
     */
    S begin(int input, float[] seed);

    /**
     * Makes a pass. This default computes the gradient of the distance.
     *
     * @param inputs the inputs of the pass's first rows
     */
    default void differentiate(Pass pass, List<S> inputs) {
        pass.ofDistance();
    }
}
