package stir.core.examination;

import stir.api.Batch;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.core.random.KeyedRandom;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Tries what a hook computes at a few points.
 *
 * @param hook stays its owner's
 * @param points inputs as the model takes them
 */
record HookTrial(LayerHook hook, Batch points) {
    private static final int DIRECTIONS = 2;

    /**
     * Lengths of steps, in terms of a point's standard deviation, the most promising first. Most
     * networks need one.
     */
    private static final double[] STEPS = {0.003, 0.01, 0.001, 0.03, 0.0003, 0.1, 0.3};

    /** An error that no other step need be tried for. */
    private static final double GOOD_ENOUGH = 0.005;

    /**
     * Where kinks lie closer than the steps, the difference is the mean of the derivatives along
     * the way, which are computed at so many places.
     */
    private static final int PLACES = 16;

    /** A smaller relative difference of representations is mostly rounding. */
    private static final double ROUNDING = 3e-5;

    /** Other kernels round otherwise, and that is all by which equal rows may differ. */
    private static final double SAME = 1e-3;

    /** What is wrong with the representations themselves. */
    List<String> problems() {
        var found = represent(points);
        var problems = new ArrayList<String>();
        if (!isFinite(found)) {
            problems.add(
                    "The representation holds NaN or infinite values: look at the weights, and at the range of the inputs.");
            return problems;
        }
        if (difference(found, represent(points)) > SAME) {
            problems.add(
                    "The same inputs are represented otherwise a second time, as with active dropout: call model.eval() before exporting.");
            return problems;
        }
        int last = points.rows() - 1;
        var alone = Batch.allocate(1, points.rowShape());
        alone.copyRow(points, last, 0);
        var expected = Batch.allocate(1, found.rowShape());
        expected.copyRow(found, last, 0);
        if (difference(expected, represent(alone)) > SAME) {
            problems.add(
                    "An input's representation depends on the inputs beside it, as with batch normalisation in training mode: call model.eval() before exporting.");
        }
        return problems;
    }

    private Batch represent(Batch inputs) {
        var found = Batch.allocate(inputs.rows(), hook.layer().shape());
        hook.represent(inputs, found);
        return found;
    }

    private static boolean isFinite(Batch batch) {
        for (int i = 0; i < batch.rows() * batch.rowSize(); i++) {
            if (!Float.isFinite(batch.buffer().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The largest relative difference of two rows. */
    static double difference(Batch a, Batch b) {
        var distances = new double[a.rows()];
        var norms = new double[a.rows()];
        Norm.L2.distances(a, b, distances);
        Norm.L2.norms(a, norms);
        double largest = 0;
        for (int row = 0; row < a.rows(); row++) {
            double relative = distances[row] == 0 ? 0 : distances[row] / norms[row];
            largest = largest >= relative ? largest : relative; // so that NaN counts
        }
        return largest;
    }

    /** Compares the gradient with finite differences. */
    GradientCheck gradient() {
        var errors = new double[DIRECTIONS * points.rows()];
        Arrays.fill(errors, Double.NaN);
        var found = gradient(errors, 1);
        return found.error() > GradientCheck.TOLERANCE ? gradient(errors, PLACES) : found;
    }

    /** Lowers what errors are known, with derivatives at so many places. */
    private GradientCheck gradient(double[] errors, int places) {
        var sizes = new double[points.rows()];
        Norm.L2.norms(represent(points), sizes);
        for (int direction = 0; direction < DIRECTIONS; direction++) {
            var towards = direction(direction);
            for (double step : STEPS) {
                var found = errors(towards, step, sizes, places);
                boolean enough = true;
                for (int row = 0; row < found.length; row++) {
                    int at = direction * points.rows() + row;
                    // NaN is not known, and any error is better
                    errors[at] = errors[at] <= found[row] ? errors[at] : found[row];
                    enough &= errors[at] < GOOD_ENOUGH;
                }
                if (enough) {
                    break;
                }
            }
        }
        var known = Arrays.stream(errors).filter(error -> !Double.isNaN(error)).sorted().toArray();
        return known.length == 0
                ? new GradientCheck(Double.NaN, Double.NaN, errors.length)
                : new GradientCheck(
                        known[known.length / 2], known[known.length - 1], errors.length);
    }

    /** Random directions, as long as a point differs from its mean. */
    private Batch direction(int index) {
        var directions = Batch.allocate(points.rows(), points.rowShape());
        for (int row = 0; row < points.rows(); row++) {
            var random = KeyedRandom.of(index, row);
            double deviation = deviation(row);
            for (int i = 0; i < points.rowSize(); i++) {
                directions.set(row, i, (float) (deviation * random.nextGaussian()));
            }
        }
        return directions;
    }

    private double deviation(int row) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < points.rowSize(); i++) {
            sum += points.get(row, i);
            squares += (double) points.get(row, i) * points.get(row, i);
        }
        double mean = sum / points.rowSize();
        double variance = squares / points.rowSize() - mean * mean;
        return variance > 1e-12 ? Math.sqrt(variance) : 1;
    }

    /** The error of each point in a direction; NaN if its representation hardly changes. */
    private double[] errors(Batch directions, double step, double[] sizes, int places) {
        var ahead = moved(directions, step);
        var behind = moved(directions, -step);
        var differences = represent(ahead);
        subtract(differences, represent(behind));
        var gradients = mean(directions, step, places, differences);
        subtract(ahead, behind); // the steps as rounding left them
        var errors = new double[points.rows()];
        for (int row = 0; row < errors.length; row++) {
            double expected = product(differences, differences, row);
            boolean told = Math.sqrt(expected) > ROUNDING * sizes[row];
            double found = product(gradients, ahead, row);
            errors[row] = told ? Math.abs(found - expected) / expected : Double.NaN;
            if (told && !Double.isFinite(found)) {
                errors[row] = Double.POSITIVE_INFINITY;
            }
        }
        return errors;
    }

    /**
     * The mean of what is pulled back at places that are spread evenly from one end to the other.
     */
    private Batch mean(Batch directions, double step, int places, Batch cotangents) {
        var mean = Batch.allocate(points.rows(), points.rowShape());
        var gradients = Batch.allocate(points.rows(), points.rowShape());
        for (int place = 0; place < places; place++) {
            var at = moved(directions, step * ((2 * place + 1.0) / places - 1));
            hook.pullback(at, cotangents, gradients);
            for (int i = 0; i < points.rows() * points.rowSize(); i++) {
                mean.buffer().put(i, mean.buffer().get(i) + gradients.buffer().get(i) / places);
            }
        }
        return mean;
    }

    private Batch moved(Batch directions, double step) {
        var moved = points.copy();
        for (int i = 0; i < points.rows() * points.rowSize(); i++) {
            moved.buffer()
                    .put(i, (float) (points.buffer().get(i) + step * directions.buffer().get(i)));
        }
        return moved;
    }

    private static void subtract(Batch from, Batch other) {
        for (int i = 0; i < from.rows() * from.rowSize(); i++) {
            from.buffer().put(i, from.buffer().get(i) - other.buffer().get(i));
        }
    }

    private static double product(Batch a, Batch b, int row) {
        double sum = 0;
        for (int i = 0; i < a.rowSize(); i++) {
            sum += (double) a.get(row, i) * b.get(row, i);
        }
        return sum;
    }

    /**
     * Whether the gradient of the distance, which a backend may compute by a graph of its own, is
     * the one that a pullback finds.
     */
    Optional<String> distanceProblem() {
        var found = represent(points);
        var targets = Batch.allocate(points.rows(), found.rowShape());
        for (int row = 0; row < points.rows(); row++) {
            targets.copyRow(found, (row + 1) % points.rows(), row);
        }
        var distances = new double[points.rows()];
        var cotangents = Batch.allocate(points.rows(), found.rowShape());
        Norm.L2.derivatives(found, targets, distances, cotangents);
        var expected = Batch.allocate(points.rows(), points.rowShape());
        hook.pullback(points, cotangents, expected);
        var fused = Batch.allocate(points.rows(), points.rowShape());
        hook.distance(points, targets, Norm.L2, distances, fused);
        double difference = difference(expected, fused);
        return difference <= GradientCheck.TOLERANCE
                ? Optional.empty()
                : Optional.of(
                        "The gradient of the distance differs from the pulled back one by %.2g: this is a defect of the backend, please report it."
                                .formatted(difference));
    }
}
