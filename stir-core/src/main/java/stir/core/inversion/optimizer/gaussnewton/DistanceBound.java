package stir.core.inversion.optimizer.gaussnewton;

import java.util.Arrays;
import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * The least distance from its seed s at which an invariant input could lie if the network were
 * linear around the point x' that was found, with the residual r and the Jacobian J there. No point
 * x of the box [0,1] with {@code |r + J(x - x')| <= tolerance} is nearer than the square root of
 * {@code 2 D(u)}, whatever the cotangent u (weak duality; Boyd and Vandenberghe, <i>Convex
 * Optimization</i>, 2004, chapter 5):
 *
 * <pre>D(u) = min over x in the box of |x - s|^2 / 2 + u'(r + J(x - x'))  -  tolerance |u|</pre>
 *
 * <p>The minimiser x(u) is {@code s - J'u}, clamped. The best u belongs to the step of {@link
 * JacobianSketch#move} from x' with all of the attraction and a damping of {@code tolerance / |u|}.
 * Passes close to x', on the line to x(u), measure its rows. The last pass is at x' and pulls the
 * best u back, of which the best multiple counts, so that the bound does not depend on how u was
 * found.
 */
final class DistanceBound implements MultiSecant.Cotangents {
    /** The most passes: those that look for u, the one at x', and a search's last. */
    static final int PASSES = Schedule.INNER + 2;

    /** The difference quotient's step, as a share of the distance; with 0.01 bounds are lower. */
    private static final float STEP = (float) (1 - Schedule.SETTLED);

    private final float[] seed;
    private final float[] invariant;
    private final double tolerance;
    private final JacobianSketch sketch;
    private final float[] residual;
    private final float[] latest;
    private final float[] trial;
    private final float[] best;
    private final float[] pulledBack;
    private final float[] toSeed;
    private int passes;
    private boolean isLast;
    private double value;
    private double damping;

    /**
     * Creates a bound that is not known yet. The next pass has to be at the point.
     *
     * @param seed s
     * @param invariant x', not to be changed afterwards
     * @param width the size of a representation
     * @param tolerance the distance within which representations agree
     */
    DistanceBound(float[] seed, float[] invariant, int width, double tolerance) {
        int size = seed.length;
        var metric = PyramidPreconditioner.identity();
        this.seed = seed;
        this.invariant = invariant;
        this.tolerance = tolerance;
        this.sketch = new JacobianSketch(Schedule.INNER, metric, width, size);
        this.residual = new float[width];
        this.latest = new float[width];
        this.trial = new float[width];
        this.best = new float[width];
        this.pulledBack = new float[size];
        this.toSeed = seed.clone();
        Vectors.addMultiple(-1, invariant, toSeed);
    }

    /** Returns how many values are held. */
    static long valuesPerInput(int width, int size) {
        return JacobianSketch.values(Schedule.INNER, width, size, false) + 4L * width + 2L * size;
    }

    @Override
    public void write(float[] here, float[] cotangent) {
        if (passes++ == 0) {
            System.arraycopy(here, 0, residual, 0, here.length);
        }
        for (int i = 0; i < cotangent.length; i++) {
            float change = (here[i] - residual[i]) / STEP;
            latest[i] = isLast ? best[i] : residual[i] + change;
        }
        System.arraycopy(latest, 0, cotangent, 0, cotangent.length);
    }

    /**
     * Continues from a pass.
     *
     * @param gradient the pullback of the last cotangent
     * @param point becomes the point of the next pass
     * @return false if it was the last one: the {@link #bound} is known
     */
    boolean next(float[] gradient, float[] point) {
        double before = value;
        if (isLast) {
            value = evaluate(best, gradient);
            sketch.clear();
        }
        improve(gradient);
        if (isLast) {
            return false;
        }
        boolean gained = value == 0 || Schedule.SETTLED * value > before;
        isLast = !gained || sketch.count() < passes - 1 || passes == Schedule.INNER;
        for (int i = 0; i < point.length; i++) {
            float reached = Box.clamp(seed[i] - pulledBack[i]);
            point[i] = invariant[i] + (isLast ? 0 : STEP * (reached - invariant[i]));
        }
        return true;
    }

    /** Returns the least distance from the seed to first order; NaN if a gradient is not finite. */
    double bound() {
        return Math.sqrt(2 * Math.max(0, value));
    }

    /** Remembers a row, and keeps the best combination of all. */
    private void improve(float[] gradient) {
        sketch.add(latest, gradient, toSeed);
        for (int round = 0; round < Schedule.ROUNDS; round++) {
            var limits = new Schedule.Limits(Schedule.ROUNDING, damping, Double.POSITIVE_INFINITY, 1);
            System.arraycopy(invariant, 0, pulledBack, 0, invariant.length); // becomes a point of no use
            sketch.move(residual, limits, toSeed, pulledBack);
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
            sum += moved * moved / 2 + (double) gradient[i] * (reached - invariant[i]);
        }
        return sum - tolerance * Math.sqrt(Vectors.dot(cotangent, cotangent));
    }
}
