package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * L-BFGS of one input, projected onto the box [0,1]; each pass is a trial of the line search. Names
 * are those of Nocedal and Wright, <i>Numerical Optimization</i>, 2006, algorithms 7.4 and 7.5:
 * pairs s, y of m steps.
 *
 * <p>Variables at a bound that the gradient pushes out are held (Bertsekas, <i>Projected Newton
 * methods</i>, 1982). The line search backtracks along the projected direction to the minimum of a
 * parabola until Armijo's condition holds, so that the value never grows.
 */
final class ProjectedLbfgs {
    private static final int M = Schedule.INNER;

    /** The sufficient decrease of Armijo's condition (c1). */
    private static final double C1 = 1e-4;

    private final float[][] sArr;
    private final float[][] yArr;
    private final float[] x;
    private final float[] g;
    private final float[] direction;
    private final boolean[] held;
    private final double[] alpha = new double[M];
    private final double[] sy = new double[M];
    private int count;
    private int newest = M - 1;
    private double f = Double.POSITIVE_INFINITY;
    private double step;
    private double steepness;

    /** Returns how many values are held. */
    static long valuesPerInput(int size) {
        return (2L * M + 4) * size;
    }

    /**
     * Creates a method at no point yet.
     *
     * @param size the values of an input
     */
    ProjectedLbfgs(int size) {
        this.sArr = new float[M][size];
        this.yArr = new float[M][size];
        this.x = new float[size];
        this.g = new float[size];
        this.direction = new float[size];
        this.held = new boolean[size];
    }

    /**
     * Continues from a pass at the point of the last trial; the first one may be anywhere in the
     * box.
     *
     * @param value at the trial, to be minimised
     * @param trial becomes the next point to evaluate
     * @param gradient of the value at the trial
     * @return false if no nearby point is better; the trial is left where it is
     */
    boolean next(double value, float[] trial, float[] gradient) {
        boolean isFirst = f == Double.POSITIVE_INFINITY;
        double expected = 0; // the change of the value to first order
        for (int i = 0; i < trial.length && !isFirst; i++) {
            expected += (double) g[i] * (trial[i] - x[i]);
        }
        if (isFirst || (value <= f + C1 * expected && value < f)) {
            if (!isFirst) {
                remember(trial, gradient);
            }
            f = value;
            System.arraycopy(trial, 0, x, 0, x.length);
            System.arraycopy(gradient, 0, g, 0, g.length);
            step = 1;
            if (!findDirection()) {
                return false;
            }
        } else {
            double over = value - f - expected;
            double part = over < Double.POSITIVE_INFINITY ? -expected / (2 * over) : 0;
            step *= Math.max(0.1, Math.min(0.5, part));
            if (!(step > Schedule.ROUNDING)) {
                return false;
            }
        }
        for (int i = 0; i < trial.length; i++) {
            trial[i] = Box.clamp(x[i] + (float) step * direction[i]);
        }
        return true;
    }

    /**
     * Restarts for another function of much the same curvature, so that the pairs are kept.
     *
     * @param trial becomes the best point so far, to evaluate next
     */
    void restart(float[] trial) {
        f = Double.POSITIVE_INFINITY;
        System.arraycopy(x, 0, trial, 0, x.length);
    }

    /** Returns the length of the gradient at the best point, along the variables that are free. */
    double steepness() {
        return steepness;
    }

    /** Remembers the pair of an accepted step; those without curvature are skipped when used. */
    private void remember(float[] trial, float[] gradient) {
        newest = (newest + 1) % M;
        count = Math.min(M, count + 1);
        for (int i = 0; i < trial.length; i++) {
            sArr[newest][i] = trial[i] - x[i];
            yArr[newest][i] = gradient[i] - g[i];
        }
    }

    /**
     * Writes the direction from the point, of the free variables.
     *
     * @return false if the value falls nowhere
     */
    private boolean findDirection() {
        for (int i = 0; i < x.length; i++) {
            held[i] = g[i] > 0 ? x[i] <= 0 : g[i] < 0 && x[i] >= 1;
            direction[i] = held[i] ? 0 : -g[i];
        }
        double squares = Vectors.dot(direction, direction);
        steepness = Math.sqrt(squares);
        if (!(squares > 0 && squares < Double.POSITIVE_INFINITY)) {
            return false;
        }
        multiplyByInverseHessian();
        double slope = freeDot(direction, g);
        if (!(slope < 0) || count == 0) {
            count = 0;
            System.arraycopy(g, 0, direction, 0, x.length);
            Vectors.scale(direction, (float) (-2 * f / squares)); // where a linear distance ends
        }
        for (int i = 0; i < x.length; i++) {
            direction[i] = held[i] ? 0 : direction[i];
        }
        return true;
    }

    /** Multiplies the direction by the inverse Hessian of the pairs: the two-loop recursion. */
    private void multiplyByInverseHessian() {
        double gamma = 0;
        for (int age = 0; age < count; age++) {
            int k = (newest - age + M) % M;
            sy[k] = freeDot(sArr[k], yArr[k]);
            if (sy[k] > 0) {
                alpha[k] = freeDot(sArr[k], direction) / sy[k];
                gamma = gamma == 0 ? sy[k] / freeDot(yArr[k], yArr[k]) : gamma;
                Vectors.addMultiple((float) -alpha[k], yArr[k], direction);
            }
        }
        count = gamma == 0 ? 0 : count;
        Vectors.scale(direction, (float) gamma);
        for (int age = count - 1; age >= 0; age--) {
            int k = (newest - age + M) % M;
            if (sy[k] > 0) {
                double beta = freeDot(yArr[k], direction) / sy[k];
                Vectors.addMultiple((float) (alpha[k] - beta), sArr[k], direction);
            }
        }
    }

    private double freeDot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += held[i] ? 0 : (double) a[i] * b[i];
        }
        return sum;
    }
}
