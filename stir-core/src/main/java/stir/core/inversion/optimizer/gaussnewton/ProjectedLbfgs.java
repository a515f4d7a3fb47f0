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
    /** The number of pairs; 3 to 20 are usual. With 10 vit0 moves 2 % farther. */
    private static final int M = 20;

    /** The sufficient decrease of Armijo's condition (c1). */
    private static final double C1 = 1e-4;

    /** The shortest step of a line search, which ends at kinks. */
    private static final double SHORTEST = 1e-6;

    private final float[][] sArr;
    private final float[][] yArr;
    private final float[] x;
    private final float[] g;
    private final float[] direction;
    private final boolean[] held;
    private final double[] alpha = new double[M];
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
        if (first || (value <= f + C1 * expected && value < f)) {
            if (!first) {
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
            if (!(step > SHORTEST)) {
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
        double slope = 0;
        for (int i = 0; i < x.length; i++) {
            direction[i] = held[i] ? 0 : direction[i];
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
            double sy = freeDot(sArr[k], yArr[k]);
            alpha[k] = sy > 0 ? freeDot(sArr[k], direction) / sy : Double.NaN;
            if (sy > 0) {
                gamma = gamma == 0 ? sy / freeDot(yArr[k], yArr[k]) : gamma;
                Vectors.addMultiple((float) -alpha[k], yArr[k], direction);
            }
        }
        if (gamma == 0) {
            count = 0;
            return;
        }
        Vectors.scale(direction, (float) gamma);
        for (int k = newest + M - count + 1; k <= newest + M; k++) {
            double sy = freeDot(sArr[k % M], yArr[k % M]);
            if (sy > 0) {
                double beta = freeDot(yArr[k % M], direction) / sy;
                Vectors.addMultiple((float) (alpha[k % M] - beta), sArr[k % M], direction);
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
