package stir.core.inversion.optimizer.reference;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.GradientEstimate;
import stir.core.inversion.optimizer.Pass;
import stir.core.math.random.KeyedRandom;
import stir.core.network.pass.Evaluator;

/**
 * Gradients of distances from their values alone: {@link GradientEstimate}. All networks of a step
 * are evaluated at the same points. Not thread-safe.
 */
final class EstimatedGradients implements DistanceGradients {
    /** The first key of directions; augmentations take small ones, random steps those from 2^32. */
    private static final long FIRST_KEY = 1L << 33;

    private final GradientEstimate estimate;
    private final long rngSeed;
    private final Batch directions;
    private final Batch probes;
    private final double[] forward;
    private final double[] backward;
    private final Map<Evaluator, Batch> representations = new HashMap<>();
    private final List<Supplier<Random>> numbers = new ArrayList<>();

    /**
     * Creates the estimates of a worker.
     *
     * @param estimate the number of values
     * @param rngSeed keys the directions, with the input and the step
     * @param shape the shape of an input
     * @param slots the maximum number of rows of a pass
     */
    EstimatedGradients(GradientEstimate estimate, long rngSeed, Shape shape, int slots) {
        this.estimate = estimate;
        this.rngSeed = rngSeed;
        this.directions = Batch.allocate(slots, shape);
        this.probes = Batch.allocate(slots, shape);
        this.forward = new double[slots];
        this.backward = new double[slots];
    }

    /** Begins a pass, whose rows {@link #next} names. */
    void begin() {
        numbers.clear();
    }

    /** Adds this input, after the given number of steps, as the next row of the pass. */
    void next(int input, int step) {
        numbers.add(() -> KeyedRandom.of(rngSeed, input, FIRST_KEY + step));
    }

    @Override
    public void differentiate(Pass pass) {
        measure(pass, pass.points(), pass.distances());
        var gradients = pass.gradients();
        var random = numbers.stream().map(Supplier::get).toList();
        int size = pass.points().rowSize();
        int directionsDrawn = estimate.samples() / 2;
        double unit = size / (2 * directionsDrawn * estimate.radius());
        for (int i = 0; i < random.size() * size; i++) {
            gradients.buffer().put(i, 0);
        }
        for (int drawn = 0; drawn < directionsDrawn; drawn++) {
            for (int row = 0; row < random.size(); row++) {
                draw(random.get(row), row);
            }
            probe(pass, estimate.radius(), forward);
            probe(pass, -estimate.radius(), backward);
            for (int row = 0; row < random.size(); row++) {
                float slope = (float) (unit * (forward[row] - backward[row]));
                for (int i = row * size; i < (row + 1) * size; i++) {
                    gradients
                            .buffer()
                            .put(
                                    i,
                                    gradients.buffer().get(i)
                                            + slope * directions.buffer().get(i));
                }
            }
        }
    }

    /** Draws a direction of length 1, uniformly. */
    private void draw(Random random, int row) {
        int size = directions.rowSize();
        double squares = 0;
        for (int i = 0; i < size; i++) {
            float number = (float) random.nextGaussian();
            directions.set(row, i, number);
            squares += (double) number * number;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < size; i++) {
            directions.set(row, i, (float) (directions.get(row, i) / length));
        }
    }

    /** Measures the distances at points along the directions. */
    private void probe(Pass pass, double length, double[] distances) {
        var points = pass.points();
        int moved = numbers.size() * points.rowSize();
        int all = points.rows() * points.rowSize();
        for (int i = 0; i < all; i++) {
            float step = i < moved ? (float) length * directions.buffer().get(i) : 0;
            probes.buffer().put(i, points.buffer().get(i) + step);
        }
        measure(pass, probes.slice(0, points.rows()), distances);
    }

    private void measure(Pass pass, Batch points, double[] distances) {
        var represented = representations
                .computeIfAbsent(pass.evaluator(), one -> Batch.allocate(probes.rows(), one.representation()))
                .slice(0, points.rows());
        pass.evaluator().represent(points, pass.inputs(), represented);
        pass.norm().distances(represented, pass.targets(), distances);
    }
}
