package stir.core.inversion.optimizer;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/**
 * One forward and one backward pass at the points of some inputs.
 *
 * @param evaluator the evaluator that makes the pass
 * @param points a whole number of the evaluator's passes; rows after the inputs' are padding
 * @param inputs the index of each row's input
 * @param targets each input's target
 * @param norm the distance's norm
 * @param distances the array that receives each input's distance (not the relative one)
 * @param gradients the batch that receives for each input the gradient that {@link
 *     UpdateState#step} takes
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
public record Pass(
        Evaluator evaluator,
        Batch points,
        int[] inputs,
        Batch targets,
        Norm norm,
        double[] distances,
        Batch gradients) {
    /** Writes the distances and their gradients, which a backend may do in one run. */
    public void ofDistance() {
        evaluator.distance(points, inputs, targets, norm, distances, gradients);
    }

    /** Returns a pass for the same inputs at other points. */
    public Pass at(Batch others) {
        return new Pass(evaluator, others, inputs, targets, norm, distances, gradients);
    }
}
