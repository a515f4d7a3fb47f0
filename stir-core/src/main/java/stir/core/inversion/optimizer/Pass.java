package stir.core.inversion.optimizer;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/** One forward and one backward pass at the points of some inputs. */
public final class Pass {
    private final Evaluator evaluator;
    private final Batch points;
    private final int[] inputs;
    private final Batch targets;
    private final Norm norm;
    private final double[] distances;
    private final Batch gradients;

    /**
     * Creates a pass that is not made yet.
     *
     * @param evaluator makes the pass
     * @param points a whole number of the evaluator's passes; rows after the inputs' are padding
     * @param inputs the index of each row's input
     * @param targets each input's target
     * @param norm the distance's norm
     * @param distances receives each input's distance (not the relative one)
     * @param gradients receives for each input the gradient that {@link UpdateState#step} takes
     */
    public Pass(
            Evaluator evaluator,
            Batch points,
            int[] inputs,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients) {
        this.evaluator = evaluator;
        this.points = points;
        this.inputs = inputs;
        this.targets = targets;
        this.norm = norm;
        this.distances = distances;
        this.gradients = gradients;
    }

    /** Computes the gradient of the distance, which a backend may do in one run. */
    void ofDistance() {
        evaluator.distance(points, inputs, targets, norm, distances, gradients);
    }

    /** Returns the evaluator, which makes the pass. */
    public Evaluator evaluator() {
        return evaluator;
    }

    /** Returns the points. */
    public Batch points() {
        return points;
    }

    /** Returns the index of each row's input; shared, not to be written. */
    public int[] inputs() {
        return inputs;
    }

    /** Returns each input's target. */
    public Batch targets() {
        return targets;
    }

    /** Returns the distance's norm. */
    public Norm norm() {
        return norm;
    }

    /** Returns the distances; shared, to be written. */
    public double[] distances() {
        return distances;
    }

    /** Returns the gradients, to be written. */
    public Batch gradients() {
        return gradients;
    }
}
