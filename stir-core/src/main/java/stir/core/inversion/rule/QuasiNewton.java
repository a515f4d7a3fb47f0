package stir.core.inversion.rule;

import stir.core.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * Limited-memory BFGS steps of one input inside the box [0,1], each pass a trial. Where {@link
 * MultiSecant} comes near and then turns in a narrow valley, since it knows the last rows of the
 * Jacobian alone, these steps go on: they learn the valley's curvature. They never leave a point
 * for a worse one, until the value changes.
 *
 * <p>Nocedal, <i>Updating quasi-Newton matrices with limited storage</i>, 1980, on the pixels that
 * are free: those which lie on the box's border and would be pushed out are held (Bertsekas,
 * <i>Projected Newton methods</i>, 1982). Lengths are halved, or what a parabola tells, until the
 * value falls enough (Armijo, 1966).
 */
final class QuasiNewton {
    private static final int PAIRS = 10;

    /** The share of the fall that the slope foretells which a step has to bring. */
    private static final double ENOUGH = 1e-4;

    /** A shorter part of a step than this is not tried. */
    private static final double SHORTEST = 1e-6;

    private final float[][] steps;
    private final float[][] changes;
    private final float[] point;
    private final float[] gradient;
    private final float[] direction;
    private final boolean[] held;
    private final double[] factors = new double[PAIRS];
    private final double[] curvatures = new double[PAIRS];
    private int count;
    private int newest = PAIRS - 1;
    private double value = Double.POSITIVE_INFINITY;
    private double length;
    private double steepness;

    /** How many values are held. */
    static long valuesOfAnInput(int size) {
        return (2L * PAIRS + 4) * size;
    }

    /**
     * At no point yet.
     *
     * @param size the values of an input
     */
    QuasiNewton(int size) {
        this.steps = new float[PAIRS][size];
        this.changes = new float[PAIRS][size];
        this.point = new float[size];
        this.gradient = new float[size];
        this.direction = new float[size];
        this.held = new boolean[size];
    }

    /**
     * Goes on from a pass at the point that was asked for; the first one may be anywhere in the
     * box.
     *
     * @param found the value there, which is to become small
     * @param trial where; becomes the next point to look at
     * @param slope the value's gradient there
     * @return false if there is no better point near by; the trial is left where it is
     */
    boolean next(double found, float[] trial, float[] slope) {
        boolean first = value == Double.POSITIVE_INFINITY;
        double foretold = first ? 0 : foretold(trial);
        if (first || (found <= value + ENOUGH * foretold && found < value)) {
            if (!first) {
                remember(trial, slope);
            }
            value = found;
            System.arraycopy(trial, 0, point, 0, point.length);
            System.arraycopy(slope, 0, gradient, 0, gradient.length);
            if (!turn()) {
                return false;
            }
            length = 1;
        } else {
            double over = found - value - foretold;
            double part = over < Double.POSITIVE_INFINITY ? -foretold / (2 * over) : 0.1;
            length *= Math.max(0.1, Math.min(0.5, part));
            if (!(length > SHORTEST)) {
                return false;
            }
        }
        for (int i = 0; i < trial.length; i++) {
            trial[i] = Box.clamp(point[i] + (float) length * direction[i]);
        }
        return true;
    }

    /**
     * Begins again for another value, of much the same curvature.
     *
     * @param trial becomes the best point so far, to look at next
     */
    void beginAgain(float[] trial) {
        value = Double.POSITIVE_INFINITY;
        System.arraycopy(point, 0, trial, 0, point.length);
    }

    /** The length of the gradient at the best point, along the pixels that are free. */
    double steepness() {
        return steepness;
    }

    /** What the value would change by if it were linear. */
    private double foretold(float[] trial) {
        double sum = 0;
        for (int i = 0; i < trial.length; i++) {
            sum += (double) gradient[i] * (trial[i] - point[i]);
        }
        return sum;
    }

    private void remember(float[] trial, float[] slope) {
        int next = (newest + 1) % PAIRS;
        double product = 0;
        double squares = 0;
        double changed = 0;
        for (int i = 0; i < trial.length; i++) {
            float step = trial[i] - point[i];
            float change = slope[i] - gradient[i];
            steps[next][i] = step;
            changes[next][i] = change;
            product += (double) step * change;
            squares += (double) step * step;
            changed += (double) change * change;
        }
        if (product > 1e-8 * Math.sqrt(squares * changed)) {
            newest = next;
            count = Math.min(PAIRS, count + 1);
        }
    }

    /**
     * Writes the direction on from the point.
     *
     * @return false if the value does not fall anywhere
     */
    private boolean turn() {
        for (int i = 0; i < point.length; i++) {
            held[i] = gradient[i] > 0 ? point[i] <= 0 : gradient[i] < 0 && point[i] >= 1;
            direction[i] = held[i] ? 0 : gradient[i];
        }
        double squares = Vectors.dot(direction, direction);
        steepness = Math.sqrt(squares);
        if (!(squares > 0 && squares < Double.POSITIVE_INFINITY)) {
            return false;
        }
        precondition();
        double slope = 0;
        for (int i = 0; i < point.length; i++) {
            direction[i] = held[i] ? 0 : -direction[i];
            slope += (double) direction[i] * gradient[i];
        }
        if (!(slope < 0) || count == 0) {
            count = 0;
            float scale = (float) (2 * value / squares); // where a linear map's distance ends
            for (int i = 0; i < point.length; i++) {
                direction[i] = held[i] ? 0 : -scale * gradient[i];
            }
        }
        return true;
    }

    /** Multiplies the direction with the inverse of the Hessian, as far as it is known. */
    private void precondition() {
        double scale = 0;
        for (int age = 0; age < count; age++) {
            int pair = (newest - age + PAIRS) % PAIRS;
            double curvature = freeDot(steps[pair], changes[pair]);
            curvatures[pair] = curvature;
            if (!(curvature > 0)) {
                continue;
            }
            if (scale == 0) {
                scale = curvature / freeDot(changes[pair], changes[pair]);
            }
            factors[pair] = freeDot(steps[pair], direction) / curvature;
            Vectors.addMultiple((float) -factors[pair], changes[pair], direction);
        }
        if (scale == 0) {
            count = 0;
            return;
        }
        Vectors.scale(direction, (float) scale);
        for (int age = count - 1; age >= 0; age--) {
            int pair = (newest - age + PAIRS) % PAIRS;
            if (curvatures[pair] > 0) {
                double factor = freeDot(changes[pair], direction) / curvatures[pair];
                Vectors.addMultiple((float) (factors[pair] - factor), steps[pair], direction);
            }
        }
    }

    private double freeDot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            if (!held[i]) {
                sum += (double) a[i] * b[i];
            }
        }
        return sum;
    }
}
