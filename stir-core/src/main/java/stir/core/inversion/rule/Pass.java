package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.core.network.pass.Evaluator;

/**
 * One forward and one backward pass at the points of some inputs. Rows are a whole number of the
 * evaluator's passes: those behind the inputs' hold anything and only fill the last one.
 */
public final class Pass {
    private final Evaluator evaluator;
    private final Batch points;
    private final Batch targets;
    private final Norm norm;
    private final double[] distances;
    private final Batch gradients;

    /**
     * A pass that is not made yet.
     *
     * @param evaluator makes it
     * @param points where
     * @param targets each input's target
     * @param norm the distance's norm
     * @param distances receives each input's distance (not the relative one)
     * @param gradients receives for each input what {@link InputSteps#step} is given
     */
    public Pass(
            Evaluator evaluator,
            Batch points,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients) {
        this.evaluator = evaluator;
        this.points = points;
        this.targets = targets;
        this.norm = norm;
        this.distances = distances;
        this.gradients = gradients;
    }

    /** Asks for the gradient of the distance, which a backend may compute in one run. */
    void ofDistance() {
        evaluator.distance(points, targets, norm, distances, gradients);
    }

    Evaluator evaluator() {
        return evaluator;
    }

    Batch points() {
        return points;
    }

    Batch targets() {
        return targets;
    }

    Norm norm() {
        return norm;
    }

    /** Shared, to be written. */
    double[] distances() {
        return distances;
    }

    Batch gradients() {
        return gradients;
    }
}
