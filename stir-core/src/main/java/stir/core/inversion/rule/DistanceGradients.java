package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/** How distances and their gradients are found: {@link Evaluator#distance}, or estimates of it. */
@FunctionalInterface
interface DistanceGradients {
    /**
     * Writes each row's distance from its target, and its gradient by the pixels.
     *
     * @param evaluator of a network at a layer
     * @param points whole passes
     * @param targets as many representations
     * @param norm the distance's norm
     * @param distances receives one value a row
     * @param gradients receives one row a row of points
     */
    void differentiate(
            Evaluator evaluator,
            Batch points,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients);
}
