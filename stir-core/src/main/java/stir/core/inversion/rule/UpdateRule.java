package stir.core.inversion.rule;

import java.util.List;

/**
 * How an optimiser moves inputs: it gives each input its own steps, and makes the passes of many at
 * once. For one worker.
 *
 * @param <S> what it remembers of an input
 */
public interface UpdateRule<S extends InputSteps> {
    /**
     * An input begins.
     *
     * @param input the input's index
     * @param seed where; may be changed
     */
    S begin(int input, float[] seed);

    /**
     * Makes a pass. This default asks for the gradient of the distance.
     *
     * @param inputs the inputs of the pass's first rows
     */
    default void differentiate(Pass pass, List<S> inputs) {
        pass.ofDistance();
    }
}
