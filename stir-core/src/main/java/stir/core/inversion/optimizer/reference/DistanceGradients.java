package stir.core.inversion.optimizer.reference;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/** A source of distances and their gradients: {@link Evaluator#distance}, or an estimate. */
@FunctionalInterface
interface DistanceGradients {
    /**
     * Writes each row's distance from its target, and its gradient by the pixels.
     *
     * @param evaluator the evaluator of a network, cut at a layer
     * @param points whole passes
     * @param inputs the index of each row's input
     * @param targets the targets, one row per point
     * @param norm the distance's norm
     * @param distances the array that receives one value per row
     * @param gradients the batch that receives one row per point
     */
    void differentiate(
            Evaluator evaluator,
            Batch points,
            int[] inputs,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients);
}
