package stir.core.network.pass;

import java.util.List;
import stir.api.Batch;
import stir.api.Norm;
import stir.api.Shape;

/**
 * Representations of pixels, and their gradients.
 *
 * <p>Every pass has the same number of rows, {@link #passRows}. Numerical libraries choose their
 * kernels by the shape, and with it the order of a sum; within one shape a row's result does not
 * depend on its position or its neighbours, bit for bit. So results do not depend on how many rows
 * a caller has at a time. Callers pad.
 *
 * <p>Not thread-safe.
 */
public sealed interface Evaluator permits HookEvaluator, JointEvaluator {
    /** A rule for the cotangents of one pass among several. */
    @FunctionalInterface
    interface PassRule {
        /**
         * Writes the cotangents of a pass.
         *
         * @param from the first row of the pass among the pixels
         * @param representations one row per row of the pass; must not be changed or kept
         * @param cotangents the same number of rows, to be written
         */
        void apply(int from, Batch representations, Batch cotangents);
    }

    /** Returns the rows of a pass. */
    int passRows();

    /** Returns another evaluator of the same, with memory for passes of another size. */
    Evaluator ofRows(int rows);

    /** Returns the shape of a representation. */
    Shape representation();

    /**
     * Returns whether rules receive values below 0 for units that are off at all positions: {@link
     * stir.api.FakeRelu#EXTENDED}. Other values are at least 0 then. {@link #represent} writes the
     * network's own values in any case.
     */
    default boolean isExtended() {
        return false;
    }

    /**
     * Writes the representation of each row of pixels.
     *
     * @param pixels a whole number of passes
     * @param inputs the index of each row's input, whose side inputs go with it
     * @param representations the same number of rows, to be written
     */
    void represent(Batch pixels, int[] inputs, Batch representations);

    /**
     * Writes each row's distance from its target, and its gradient by the pixels.
     *
     * @param pixels one row per input; a whole number of passes
     * @param inputs the inputs, as for {@link #represent}
     * @param targets the same number of representations
     * @param norm the distance's norm
     * @param distances the array that receives one value per row; of extended values where {@link
     *     #isExtended}
     * @param gradients the batch that receives one row per row of pixels
     */
    void distance(Batch pixels, int[] inputs, Batch targets, Norm norm, double[] distances, Batch gradients);

    /**
     * Pulls back the cotangents that a rule chooses for each pass, and writes the gradients by the
     * pixels.
     *
     * @param pixels one row per input; a whole number of passes
     * @param inputs the inputs, as for {@link #represent}
     * @param rule the rule, which is called once per pass, in order
     * @param gradients the batch that receives one row per row of pixels
     */
    void pullback(Batch pixels, int[] inputs, PassRule rule, Batch gradients);

    /** Returns the watches of its passes: one per network. */
    List<PassWatch> watches();
}
