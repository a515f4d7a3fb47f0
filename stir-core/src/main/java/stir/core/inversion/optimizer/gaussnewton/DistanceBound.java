package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.Arrays;

/**
 * The least distance from its seed s at which an invariant input could lie if the network were
 * linear around the point x' that was found, with the residual r and the Jacobian J there. No point
 * x of the box [0,1] with {@code |r + J(x - x')| <= tolerance} is nearer than the square root of
 * {@code 2 D(u)}, whatever the cotangent u (weak duality; Boyd and Vandenberghe, <i>Convex
 * Optimization</i>, 2004, chapter 5):
 *
 * <pre>D(u) = min over x in the box of |x - s|^2 / 2 + u'(r + J(x - x'))  -  tolerance |u|</pre>
 *
 * <p>The minimiser x(u) is {@code s - J'u}, clamped. At the best u it is the nearest point of the
 * linear model, which is the step of {@link JacobianSketch#move} from x' with all of the attraction
 * and a damping of {@code tolerance / |u|}. A few passes measure its rows: each is made close to
 * x', on the line to x(u), and pulls back the model's residual there. The last pass is at x' and
 * pulls the best u back, of which the best multiple counts, so that the bound does not depend on
 * how u was found.
 */
final class DistanceBound implements MultiSecant.Cotangents {
    /** The most passes: those that look for u, the one at x', and a search's last. */
    static final int PASSES = Schedule.BOUND_PASSES + 2;

    /** The relative gain of D by a pass below which it is the last that looks for u. */
    private static final double GAIN = 0.002;

    /** The ridge against rounding: rows of length 1 may be nearly parallel. */
    private static final double RIDGE = 1e-6;

    private final float[] seed;
    private final float[] found;
    private final double tolerance;
    private final JacobianSketch sketch;
    private final float[] residual;
    private final float[] latest;
    private final float[] trial;
    private final float[] best;
    private final float[] pulledBack;
    private final float[] moved;
    private final float[] toSeed;
    private int passes;
    private boolean isLast;
    private double value;
    private double damping;

    /**
     * Creates a bound that is not known yet. The next pass has to be at the point.
     *
     * @param seed s
     * @param found x', not to be changed afterwards
     * @param width the size of a representation
     * @param tolerance the distance within which representations agree
     */
    DistanceBound(float[] seed, float[] found, int width, double tolerance) {
        int size = seed.length;
        this.seed = seed;
        this.found = found;
        this.tolerance = tolerance;
        this.pulledBack = new float[size];
        this.moved = new float[size];
        this.toSeed = seed.clone();
        Vectors.addMultiple(-1, found, toSeed);
        var metric = PyramidPreconditioner.identity();
        var scratch = new JacobianSketch.Scratch(Schedule.BOUND_PASSES, size, metric);
        this.sketch = new JacobianSketch(Schedule.BOUND_PASSES, 1, metric, scratch, width);
        this.residual = new float[width];
        this.latest = new float[width];
        this.trial = new float[width];
        this.best = new float[width];
    }

    /** Returns how many values are held. */
    static long valuesPerInput(int width, int size) {
        return (Schedule.BOUND_PASSES + 4L) * width + (2 * Schedule.BOUND_PASSES + 9L) * size;
    }

    @Override
    public void write(float[] here, double distance, float[] cotangent) {
        if (passes++ == 0) {
            System.arraycopy(here, 0, residual, 0, here.length);
        }
        for (int i = 0; i < cotangent.length; i++) {
            float change = (here[i] - residual[i]) / Schedule.BOUND_STEP;
            cotangent[i] = isLast ? best[i] : residual[i] + change;
        }
        System.arraycopy(cotangent, 0, latest, 0, cotangent.length);
    }

    /**
     * Continues from a pass.
     *
     * @param gradient the pullback of the last cotangent
     * @param point becomes the point of the next pass
     * @return false if it was the last one: the {@link #bound} is known
     */
    boolean next(float[] gradient, float[] point) {
        if (isLast) {
            value = evaluate(best, gradient);
            sketch.clear();
            step(gradient);
            return false;
        }
        double before = value;
        step(gradient);
        boolean gained = value == 0 || value > (1 + GAIN) * before;
        isLast = !gained || sketch.count() < passes - 1 || passes == Schedule.BOUND_PASSES;
        for (int i = 0; i < point.length; i++) {
            float reached = Box.clamp(seed[i] - pulledBack[i]);
            point[i] = found[i] + (isLast ? 0 : Schedule.BOUND_STEP * (reached - found[i]));
        }
        return true;
    }

    /** Returns the least distance from the seed to first order; NaN if a gradient is not finite. */
    double bound() {
        return Math.sqrt(2 * Math.max(0, value));
    }

    /** Remembers a row, and keeps the best combination of all. */
    private void step(float[] gradient) {
        sketch.add(latest, gradient, toSeed);
        for (int round = 0; round < Schedule.ROUNDS; round++) {
            var limits = new Schedule.Limits(RIDGE, damping, Double.POSITIVE_INFINITY, 1);
            System.arraycopy(found, 0, moved, 0, found.length);
            sketch.move(residual, limits, toSeed, moved);
            Arrays.fill(trial, 0);
            sketch.addCotangents(trial);
            Vectors.scale(trial, -1);
            sketch.combineDirections(pulledBack);
            Vectors.scale(pulledBack, -1);
            damping = tolerance / Math.sqrt(Vectors.dot(trial, trial));
            double reached = evaluate(trial, pulledBack);
            if (reached > value) {
                value = reached;
                System.arraycopy(trial, 0, best, 0, best.length);
            }
        }
    }

    /** Returns D of a cotangent with its pullback. */
    private double evaluate(float[] cotangent, float[] gradient) {
        double sum = Vectors.dot(cotangent, residual);
        for (int i = 0; i < seed.length; i++) {
            float reached = Box.clamp(seed[i] - gradient[i]);
            double moved = reached - seed[i];
            sum += moved * moved / 2 + (double) gradient[i] * (reached - found[i]);
        }
        return sum - tolerance * Math.sqrt(Vectors.dot(cotangent, cotangent));
    }
}
