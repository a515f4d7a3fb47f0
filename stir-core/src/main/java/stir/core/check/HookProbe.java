package stir.core.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import stir.api.Batch;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.core.math.random.KeyedRandom;
import stir.core.network.Inconsistency;

/**
 * A probe of a hook's representations and gradients at a few points.
 *
 * @param hook the caller retains ownership
 * @param points inputs as the model takes them
 * @param spreads the standard deviation of each value of the points
 */
record HookProbe(LayerHook hook, Batch points, Batch spreads) {
    /** The random directions, and as many of single values, in which no errors cancel. */
    private static final int DIRECTIONS = 2;

    /** The largest step of a single value, in spreads of it per step of all values. */
    private static final double LARGEST_VALUE_STEP = 30;

    /**
     * The step lengths relative to the spreads, the most promising first. Most networks need one.
     */
    private static final double[] STEPS = {0.003, 0.01, 0.001, 0.03, 0.0003, 0.1, 0.3};

    /** The error below which a thorough check tries no other step. */
    static final double GOOD_ENOUGH = 0.005;

    /**
     * The number of points at which derivatives are averaged where kinks are closer than the steps.
     */
    private static final int AVERAGED_POINTS = 16;

    /** The problem of a gradient that is not a number, which may be the network's own. */
    static final String NOT_FINITE =
            "The gradient contains NaN or infinite values, as for a square root at 0: choose another layer, or other inputs.";

    /** A smaller relative difference of representations is mostly rounding. */
    private static final double ROUNDING = 3e-5;

    /** Creates a probe at points. */
    HookProbe(LayerHook hook, Points points) {
        this(hook, points.values(), points.spreads());
    }

    /** Returns the problems of the representations themselves. */
    List<String> problems() {
        var problems = new ArrayList<String>();
        if (!isFinite(represent(points))) {
            problems.add(
                    "The representation contains NaN or infinite values: check the weights and the range of the inputs.");
            return problems;
        }
        Inconsistency.of(rows -> represent(likeFirst(rows)), atLeastThree(), hook::drawsRandomNumbers)
                .ifPresent(inconsistency -> problems.add(inconsistency.sentence("The network") + "."));
        return problems;
    }

    /** Returns the problem of a network that represents the points otherwise in a later pass. */
    Optional<String> change(int passes) {
        var first = represent(points);
        for (int pass = 0; pass < passes; pass++) {
            if (difference(first, represent(points)) > GradientCheck.TOLERANCE / 4) {
                return Optional.of(Inconsistency.CHANGING.sentence("The network") + ".");
            }
        }
        return Optional.empty();
    }

    /** Returns rows that have the side inputs of the first point. */
    private Batch likeFirst(Batch rows) {
        var like = rows.withSideLike(points);
        for (var side : like.side().entrySet()) {
            for (int row = 0; row < rows.rows(); row++) {
                side.getValue().copyRow(points.side(side.getKey()), 0, row);
            }
        }
        return like;
    }

    private Batch atLeastThree() {
        var rows = Batch.allocate(Math.max(3, points.rows()), points.rowShape());
        for (int row = 0; row < rows.rows(); row++) {
            rows.copyRow(points, row % points.rows(), row);
        }
        return rows;
    }

    private Batch represent(Batch inputs) {
        var representations = Batch.allocate(inputs.rows(), hook.layer().shape());
        hook.represent(inputs, representations);
        return representations;
    }

    private static boolean isFinite(Batch batch) {
        for (int i = 0; i < batch.rows() * batch.rowSize(); i++) {
            if (!Float.isFinite(batch.buffer().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns the largest relative difference of two rows. */
    static double difference(Batch a, Batch b) {
        var distances = new double[a.rows()];
        var norms = new double[a.rows()];
        Norm.L2.distances(a, b, distances);
        Norm.L2.norms(a, norms);
        double largest = 0;
        for (int row = 0; row < a.rows(); row++) {
            double relative = distances[row] == 0 ? 0 : distances[row] / norms[row];
            // The comparison is false for NaN, so that NaN is returned.
            largest = largest >= relative ? largest : relative;
        }
        return largest;
    }

    /**
     * Compares the gradient with finite differences.
     *
     * @param goodEnough the error below which no other step is tried
     */
    GradientCheck gradient(double goodEnough) {
        var errors = new double[2 * DIRECTIONS * points.rows()];
        Arrays.fill(errors, Double.NaN);
        var check = gradient(errors, 1, goodEnough);
        return check.error() > goodEnough ? gradient(errors, AVERAGED_POINTS, goodEnough) : check;
    }

    /** Reduces errors by derivatives at a number of points. */
    private GradientCheck gradient(double[] errors, int count, double goodEnough) {
        var sizes = new double[points.rows()];
        Norm.L2.norms(represent(points), sizes);
        for (int direction = 0; direction < 2 * DIRECTIONS; direction++) {
            var towards = direction < DIRECTIONS ? direction(direction) : singleValues(direction);
            for (double step : STEPS) {
                var ofStep = errors(towards, step, sizes, count);
                boolean enough = true;
                for (int row = 0; row < ofStep.length; row++) {
                    int at = direction * points.rows() + row;
                    // NaN is unknown, so that any error is smaller
                    errors[at] = errors[at] <= ofStep[row] ? errors[at] : ofStep[row];
                    enough &= errors[at] < goodEnough;
                }
                if (enough) {
                    break;
                }
            }
        }
        int half = errors.length / 2;
        double error = larger(median(errors, 0, half), median(errors, half, errors.length));
        double worst = Arrays.stream(errors).reduce(Double.NaN, HookProbe::larger);
        return new GradientCheck(error, worst, errors.length);
    }

    /** Returns the larger one of two errors, of which NaN is unknown. */
    private static double larger(double a, double b) {
        return Double.isNaN(a) || b > a ? b : a;
    }

    /** Returns the median of the known errors of a range; NaN if none is known. */
    private static double median(double[] errors, int from, int to) {
        var known = Arrays.stream(errors, from, to)
                .filter(error -> !Double.isNaN(error))
                .sorted()
                .toArray();
        return known.length == 0 ? Double.NaN : known[known.length / 2];
    }

    /** Returns directions of one random value per row, of those with a large gradient. */
    private Batch singleValues(int index) {
        var directions = Batch.allocate(points.rows(), points.rowShape());
        var gradients = Batch.allocate(points.rows(), points.rowShape());
        hook.pullback(points, represent(points), gradients);
        double step = Math.min(LARGEST_VALUE_STEP, Math.sqrt(points.rowSize()));
        for (int row = 0; row < points.rows(); row++) {
            var random = KeyedRandom.of(index, row);
            double mean = Math.sqrt(product(gradients, gradients, row) / points.rowSize());
            int value = random.nextInt(points.rowSize());
            for (int more = 0; more < 20 && Math.abs(gradients.get(row, value)) < mean; more++) {
                value = random.nextInt(points.rowSize());
            }
            directions.set(row, value, (float) (step * spreads.get(row, value)));
        }
        return directions;
    }

    /** Returns random directions with the spread of each value. */
    private Batch direction(int index) {
        var directions = Batch.allocate(points.rows(), points.rowShape());
        for (int row = 0; row < points.rows(); row++) {
            var random = KeyedRandom.of(index, row);
            for (int i = 0; i < points.rowSize(); i++) {
                directions.set(row, i, (float) (spreads.get(row, i) * random.nextGaussian()));
            }
        }
        return directions;
    }

    /** Returns the problem of a gradient that is not a number, which no backend can change. */
    Optional<String> gradientProblem() {
        var gradients = Batch.allocate(points.rows(), points.rowShape());
        hook.pullback(points, represent(points), gradients);
        return isFinite(gradients) ? Optional.empty() : Optional.of(NOT_FINITE);
    }

    /** Returns the error of each point in a direction; NaN if its representation hardly changes. */
    private double[] errors(Batch directions, double step, double[] sizes, int count) {
        var forward = moved(directions, step);
        var backward = moved(directions, -step);
        var differences = represent(forward);
        subtract(differences, represent(backward));
        var gradients = mean(directions, step, count, differences);
        subtract(forward, backward); // the steps after rounding
        var errors = new double[points.rows()];
        for (int row = 0; row < errors.length; row++) {
            double expected = product(differences, differences, row);
            boolean changes = Math.sqrt(expected) > ROUNDING * sizes[row];
            double actual = product(gradients, forward, row);
            errors[row] = changes ? Math.abs(actual - expected) / expected : Double.NaN;
            if (changes && !Double.isFinite(actual)) {
                errors[row] = Double.POSITIVE_INFINITY;
            }
        }
        return errors;
    }

    /**
     * Returns the mean of the pulled back gradients at points that are spread evenly between the
     * two ends.
     */
    private Batch mean(Batch directions, double step, int count, Batch cotangents) {
        var mean = Batch.allocate(points.rows(), points.rowShape());
        var gradients = Batch.allocate(points.rows(), points.rowShape());
        for (int index = 0; index < count; index++) {
            var at = moved(directions, step * ((2 * index + 1.0) / count - 1));
            hook.pullback(at, cotangents, gradients);
            for (int i = 0; i < points.rows() * points.rowSize(); i++) {
                mean.buffer().put(i, mean.buffer().get(i) + gradients.buffer().get(i) / count);
            }
        }
        return mean;
    }

    private Batch moved(Batch directions, double step) {
        var moved = points.copy();
        for (int i = 0; i < points.rows() * points.rowSize(); i++) {
            moved.buffer().put(i, (float)
                    (points.buffer().get(i) + step * directions.buffer().get(i)));
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
     * Checks that the gradient of the distance, which a backend may compute by a separate graph,
     * equals the pulled back one.
     */
    Optional<String> distanceProblem() {
        var representations = represent(points);
        var targets = Batch.allocate(points.rows(), representations.rowShape());
        for (int row = 0; row < points.rows(); row++) {
            targets.copyRow(representations, (row + 1) % points.rows(), row);
        }
        var distances = new double[points.rows()];
        var cotangents = Batch.allocate(points.rows(), representations.rowShape());
        Norm.L2.derivatives(representations, targets, distances, cotangents);
        var expected = Batch.allocate(points.rows(), points.rowShape());
        hook.pullback(points, cotangents, expected);
        if (!isFinite(expected)) {
            return Optional.empty(); // the network's own, which the search reports
        }
        var fused = Batch.allocate(points.rows(), points.rowShape());
        hook.distance(points, targets, Norm.L2, distances, fused);
        if (!isFinite(fused)) {
            return Optional.of(NOT_FINITE);
        }
        double difference = difference(expected, fused);
        return difference <= GradientCheck.TOLERANCE
                ? Optional.empty()
                : Optional.of(
                        "The gradient of the distance differs from the pulled back one by %.2g: this is a defect of the backend, please report it."
                                .formatted(difference));
    }
}
