package stir.core.network.pass;

import java.util.Optional;
import stir.api.Batch;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.math.random.KeyedRandom;

/**
 * A few rows of an evaluator's passes: of the first one, of the last one, and of random ones. Now
 * and then they are represented again, among each other. Their representations are the same, unless
 * the network counts its passes, draws random numbers or mixes rows. Not thread-safe.
 */
public final class PassWatch {
    /** The number of passes after which rows are represented again, in one pass. */
    private static final int EVERY = 200;

    private static final int MOST_ROWS = 8;

    /** The key of the random numbers, which no search uses. */
    private static final long KEY = -58;

    /** The largest relative difference that other kernels explain. */
    private static final double ROUNDING = 5e-3;

    /**
     * The smallest size that differences are divided by, as a share of the largest kept one: a row
     * of zeros, as after a ReLU or where no input is, has no size of its own.
     */
    private static final double NEGLIGIBLE = 1e-3;

    private final Batch inputs;
    private final Batch representations;
    private final boolean positive;
    private final Runnable represent;
    private Batch points = Batch.allocate(0, Shape.of(1));
    private Batch values = points;
    private double[] distances = {};
    private Optional<Norm> norm = Optional.empty();
    private int passes;
    private int repeated;
    private double difference;
    private boolean stopped;

    /**
     * Creates a watch that has seen no pass.
     *
     * @param inputs the model's inputs of a pass, which are overwritten when rows are passed again
     * @param representations memory for the representations of a pass
     * @param positive whether representations below 0 count as 0
     * @param represent writes the representations of the inputs
     */
    PassWatch(Batch inputs, Batch representations, boolean positive, Runnable represent) {
        this.inputs = inputs;
        this.representations = representations;
        this.positive = positive;
        this.represent = represent;
    }

    /**
     * Keeps a row of a pass.
     *
     * @param results the representations; or the targets, if there is a norm
     * @param order the norm of the distances from the targets; always the same one
     * @param lengths these distances
     */
    void keep(Batch results, Optional<Norm> order, double[] lengths) {
        if (stopped) {
            return;
        }
        int last = Math.min(MOST_ROWS, inputs.rows()) - 1;
        if (points.rows() == 0) {
            points = Batch.allocate(last + 1, inputs.rowShape()).withSideLike(inputs);
            values = Batch.allocate(last + 1, results.rowShape());
            distances = new double[last + 1];
        }
        norm = norm.or(() -> order);
        int row = KeyedRandom.of(KEY, passes).nextInt(inputs.rows());
        int place = passes < last ? passes : KeyedRandom.of(KEY, passes, 1).nextInt(passes + 1);
        if (passes == 0 || (place > 0 && place < last)) {
            set(place, row, results, order.isPresent() ? lengths[row] : 0);
        }
        set(last, row, results, order.isPresent() ? lengths[row] : 0);
        passes++;
    }

    private void set(int place, int row, Batch results, double distance) {
        points.copyRow(inputs, row, place);
        values.copyRow(results, row, place);
        clear(values, place);
        distances[place] = distance;
    }

    /** Represents the kept rows again if many passes were made since the last time. */
    void repeatIfDue() {
        if (passes - repeated >= EVERY) {
            repeat();
        }
    }

    /**
     * Represents the kept rows again, if a pass was made since the last time.
     *
     * @return the largest relative difference so far
     */
    double repeat() {
        if (passes > repeated) {
            for (int row = 0; row < inputs.rows(); row++) {
                inputs.copyRow(points, place(row), row);
            }
            represent.run();
            double least = NEGLIGIBLE * largestSize();
            for (int row = 0; row < inputs.rows(); row++) {
                compare(representations.slice(row, row + 1), place(row), least);
            }
            repeated = passes;
        }
        return difference;
    }

    /** Returns the kept row that is passed at a row, other ones each time; the last one if none. */
    private int place(int row) {
        int place = (row + 1 + repeated) % points.rows();
        return place < passes ? place : points.rows() - 1;
    }

    private void clear(Batch batch, int row) {
        for (int i = 0; positive && i < batch.rowSize(); i++) {
            batch.set(row, i, Math.max(0, batch.get(row, i)));
        }
    }

    private double largestSize() {
        double largest = 0;
        for (int place = 0; place < points.rows(); place++) {
            double size = size(place);
            largest = Double.isFinite(size) ? Math.max(largest, size) : largest;
        }
        return largest;
    }

    /** Returns the norm of a kept row, or its distance if that is larger. */
    private double size(int place) {
        var size = new double[1];
        norm.orElse(Norm.L2).norms(values.slice(place, place + 1), size);
        return Math.max(size[0], distances[place]);
    }

    private void compare(Batch again, int place, double least) {
        var length = new double[1];
        clear(again, 0);
        norm.orElse(Norm.L2).distances(again, values.slice(place, place + 1), length);
        double size = size(place);
        double error = Math.abs(length[0] - distances[place]) / Math.max(size, least);
        if (error > 0 && Double.isFinite(size)) { // the search reports NaN
            difference = Math.max(difference, error);
        }
    }

    /** Stops: no more rows are kept, and none differs. */
    void stop() {
        stopped = true;
    }

    /** Returns whether a row differed. */
    public boolean isBroken() {
        return difference > ROUNDING;
    }
}
