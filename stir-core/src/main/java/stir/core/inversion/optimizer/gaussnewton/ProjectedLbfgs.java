package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Vectors;
import stir.core.network.pass.Box;

/**
 * L-BFGS of one input, projected onto the box [0,1]; each pass is a trial of the line search. Names
 * are those of Nocedal and Wright, <i>Numerical Optimization</i>, 2006, algorithms 7.4 and 7.5:
 * pairs s, y with rho = 1 / s'y.
 *
 * <p>Variables at a bound that the gradient pushes out are held (Bertsekas, <i>Projected Newton
 * methods</i>, 1982). The line search backtracks along the projected direction to the minimum of a
 * parabola until Armijo's condition holds, so that the value never grows.
 */
final class ProjectedLbfgs {
    private static final int M = Schedule.LBFGS_PAIRS;

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
        boolean first = f == Double.POSITIVE_INFINITY;
        double expected = first ? 0 : expectedChange(trial);
        if (first || (value <= f + Schedule.ARMIJO * expected && value < f)) {
            if (!first) {
                update(trial, gradient);
            }
            f = value;
            System.arraycopy(trial, 0, x, 0, x.length);
            System.arraycopy(gradient, 0, g, 0, g.length);
            if (!findDirection()) {
                return false;
            }
            step = 1;
        } else {
            double over = value - f - expected;
            double part = over < Double.POSITIVE_INFINITY ? -expected / (2 * over) : 0;
            step *= Math.max(Schedule.LEAST_BACKTRACK, Math.min(Schedule.MOST_BACKTRACK, part));
            if (!(step > Schedule.SHORTEST_STEP)) {
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

    /** Returns the change of the value to first order. */
    private double expectedChange(float[] trial) {
        double sum = 0;
        for (int i = 0; i < trial.length; i++) {
            sum += (double) g[i] * (trial[i] - x[i]);
        }
        return sum;
    }

    /** Remembers the pair of an accepted step if its curvature is positive. */
    private void update(float[] trial, float[] gradient) {
        int next = (newest + 1) % M;
        double product = 0;
        double squaredS = 0;
        double squaredY = 0;
        for (int i = 0; i < trial.length; i++) {
            float s = trial[i] - x[i];
            float y = gradient[i] - g[i];
            sArr[next][i] = s;
            yArr[next][i] = y;
            product += (double) s * y;
            squaredS += (double) s * s;
            squaredY += (double) y * y;
        }
        if (product > Schedule.CURVATURE * Math.sqrt(squaredS * squaredY)) {
            newest = next;
            count = Math.min(M, count + 1);
        }
    }

    /**
     * Writes the direction from the point.
     *
     * @return false if the value falls nowhere
     */
    private boolean findDirection() {
        for (int i = 0; i < x.length; i++) {
            held[i] = g[i] > 0 ? x[i] <= 0 : g[i] < 0 && x[i] >= 1;
            direction[i] = held[i] ? 0 : g[i];
        }
        double squares = Vectors.dot(direction, direction);
        steepness = Math.sqrt(squares);
        if (!(squares > 0 && squares < Double.POSITIVE_INFINITY)) {
            return false;
        }
        multiplyByInverseHessian();
        double slope = 0;
        for (int i = 0; i < x.length; i++) {
            direction[i] = held[i] ? 0 : -direction[i];
            slope += (double) direction[i] * g[i];
        }
        if (!(slope < 0) || count == 0) {
            count = 0;
            float scale = (float) (2 * f / squares); // where a linear map's distance ends
            for (int i = 0; i < x.length; i++) {
                direction[i] = held[i] ? 0 : -scale * g[i];
            }
        }
        return true;
    }

    /** Multiplies the direction by the inverse Hessian of the pairs: the two-loop recursion. */
    private void multiplyByInverseHessian() {
        double gamma = 0;
        for (int age = 0; age < count; age++) {
            int k = (newest - age + M) % M;
            sy[k] = freeDot(sArr[k], yArr[k]);
            if (!(sy[k] > 0)) {
                continue;
            }
            if (gamma == 0) {
                gamma = sy[k] / freeDot(yArr[k], yArr[k]);
            }
            alpha[k] = freeDot(sArr[k], direction) / sy[k];
            Vectors.addMultiple((float) -alpha[k], yArr[k], direction);
        }
        if (gamma == 0) {
            count = 0;
            return;
        }
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
            if (!held[i]) {
                sum += (double) a[i] * b[i];
            }
        }
        return sum;
    }
}
