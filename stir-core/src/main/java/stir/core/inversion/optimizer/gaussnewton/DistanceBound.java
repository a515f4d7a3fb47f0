package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Cholesky;
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
 * linear model.
 *
 * <p>A few passes look for a good u. Each is made close to x', on the line to x(u) for the best u
 * so far. The change of the representation there is the slope of D; its pullback gives one more
 * {@code J'u}, and Newton's method finds the best combination of all. The last pass is at x' and
 * pulls that combination back, so that the bound does not depend on how u was found.
 */
final class DistanceBound implements Cotangents {
    private static final int LOOKS = Schedule.BOUND_PASSES;

    /**
     * The most passes altogether: those that look for u, the one at x', and a search's last, which
     * makes no step.
     */
    static final int PASSES = LOOKS + 2;

    private final float[] seed;
    private final float[] found;
    private final double tolerance;
    private final float[] residual;
    private final float[][] cotangents;
    private final float[][] gradients;
    private final float[] reached;
    private final float[] scratch;
    private final double[] overlaps = new double[LOOKS * LOOKS];
    private final double[] matrix = new double[LOOKS * LOOKS];
    private final double[] constants = new double[LOOKS];
    private final double[] factors = new double[LOOKS];
    private final double[] trial = new double[LOOKS];
    private final double[] along = new double[LOOKS];
    private final double[] slope = new double[LOOKS];
    private final double[] ahead = new double[LOOKS];
    private final Cholesky system = new Cholesky(LOOKS);
    private boolean combined;
    private boolean isBroken;
    private int passes;
    private int count;
    private double length;
    private double value;

    /**
     * Creates a bound that is not known yet. The next pass has to be at the point.
     *
     * @param seed s
     * @param found x', not to be changed afterwards
     * @param width the size of a representation
     * @param tolerance the distance within which representations agree
     */
    DistanceBound(float[] seed, float[] found, int width, double tolerance) {
        this.seed = seed;
        this.found = found;
        this.tolerance = tolerance;
        this.residual = new float[width];
        this.cotangents = new float[LOOKS][width];
        this.gradients = new float[LOOKS][seed.length];
        this.reached = new float[seed.length];
        this.scratch = new float[seed.length];
    }

    /** Returns how many values are held. */
    static long valuesPerInput(int width, int size) {
        return (LOOKS + 1L) * width + (LOOKS + 3L) * size;
    }

    @Override
    public void write(float[] here, double distance, float[] cotangent) {
        if (passes++ == 0) {
            System.arraycopy(here, 0, residual, 0, here.length);
            System.arraycopy(here, 0, cotangent, 0, here.length);
        } else if (combined) {
            Arrays.fill(cotangent, 0);
            Vectors.addMultiples(factors, cotangents, count, cotangent);
            count = 0;
        } else {
            for (int i = 0; i < cotangent.length; i++) {
                cotangent[i] = residual[i] + (here[i] - residual[i]) / Schedule.BOUND_STEP;
            }
        }
        System.arraycopy(cotangent, 0, cotangents[count], 0, cotangent.length);
    }

    /**
     * Continues from a pass.
     *
     * @param gradient the pullback of the last cotangent
     * @param point becomes the point of the next pass
     * @return false if it was the last one: the {@link #bound} is known
     */
    boolean next(float[] gradient, float[] point) {
        double before = bound();
        boolean taken = take(gradient);
        maximise();
        if (combined) {
            return false;
        }
        boolean gained = taken && bound() > (1 + Schedule.BOUND_GAIN) * before;
        combined =
                count == LOOKS || (!gained && passes >= (taken ? Schedule.FEWEST_BOUND_PASSES : 2));
        for (int i = 0; i < point.length; i++) {
            point[i] =
                    combined ? found[i] : found[i] + Schedule.BOUND_STEP * (reached[i] - found[i]);
        }
        return true;
    }

    /** Returns the least distance from the seed to first order; NaN if a gradient is not finite. */
    double bound() {
        return isBroken ? Double.NaN : Math.sqrt(2 * Math.max(0, value));
    }

    /** Adds the last cotangent and its pullback, unless that is zero or not finite. */
    private boolean take(float[] gradient) {
        float squares = Vectors.dot(gradient, gradient);
        isBroken |= !(squares < Float.POSITIVE_INFINITY);
        float scale = (float) (1 / Math.sqrt(squares));
        if (!(scale > 0 && scale < Float.POSITIVE_INFINITY)) {
            return false;
        }
        int pair = count++;
        Vectors.scale(cotangents[pair], scale);
        System.arraycopy(gradient, 0, gradients[pair], 0, gradient.length);
        Vectors.scale(gradients[pair], scale);
        constants[pair] =
                Vectors.dot(cotangents[pair], residual) - Vectors.dot(gradients[pair], found);
        for (int other = 0; other <= pair; other++) {
            double overlap = Vectors.dot(cotangents[pair], cotangents[other]);
            overlaps[pair * LOOKS + other] = overlap;
            overlaps[other * LOOKS + pair] = overlap;
        }
        factors[pair] = 0;
        return true;
    }

    /** Maximises D over the combinations of the pairs. */
    private void maximise() {
        value = evaluate(factors);
        for (int round = 0; round < LOOKS; round++) {
            if (!(length > 0 ? newton() : steepest())) {
                break;
            }
            double promised = 0;
            for (int pair = 0; pair < count; pair++) {
                promised += slope[pair] * ahead[pair];
            }
            if (!(promised > Schedule.BOUND_PROMISE * value) || !step()) {
                break;
            }
        }
        value = evaluate(factors);
    }

    /** Takes the longest part of the step ahead with which D grows. */
    private boolean step() {
        for (double part = 1; part > Schedule.BOUND_GAIN; part /= 2) {
            for (int pair = 0; pair < count; pair++) {
                trial[pair] = factors[pair] + part * ahead[pair];
            }
            double after = evaluate(trial);
            if (after > value) {
                System.arraycopy(trial, 0, factors, 0, count);
                value = after;
                return true;
            }
        }
        return false;
    }

    /** Returns D of a combination of the pairs; writes its x(u), its slope and the length of u. */
    private double evaluate(double[] combination) {
        System.arraycopy(seed, 0, reached, 0, seed.length);
        for (int pair = 0; pair < count; pair++) {
            Vectors.addMultiple((float) -combination[pair], gradients[pair], reached);
        }
        double sum = 0;
        for (int i = 0; i < seed.length; i++) {
            reached[i] = Box.clamp(reached[i]);
            double difference = reached[i] - seed[i];
            sum += difference * difference / 2;
        }
        double squares = 0;
        for (int pair = 0; pair < count; pair++) {
            slope[pair] = constants[pair] + Vectors.dot(gradients[pair], reached);
            along[pair] = 0;
            for (int other = 0; other < count; other++) {
                along[pair] += overlaps[pair * LOOKS + other] * combination[other];
            }
            sum += combination[pair] * slope[pair];
            squares += combination[pair] * along[pair];
        }
        length = Math.sqrt(Math.max(0, squares));
        for (int pair = 0; pair < count && length > 0; pair++) {
            slope[pair] -= tolerance / length * along[pair];
        }
        return sum - tolerance * length;
    }

    /**
     * Writes the first step. D is not smooth where u is 0: it grows most along the combination of
     * the cotangents that is nearest to the residual of the model at the seed, if that is longer
     * than the tolerance.
     */
    private boolean steepest() {
        for (int pair = 0; pair < count; pair++) {
            System.arraycopy(overlaps, pair * LOOKS, matrix, pair * LOOKS, count);
            matrix[pair * LOOKS + pair] *= 1 + Schedule.BOUND_RIDGE;
        }
        if (!solve()) {
            return false;
        }
        double squares = 0;
        Arrays.fill(scratch, 0);
        for (int pair = 0; pair < count; pair++) {
            squares += slope[pair] * ahead[pair];
            Vectors.addMultiple((float) ahead[pair], gradients[pair], scratch);
        }
        double rate = squares - tolerance * Math.sqrt(squares);
        double curvature = Vectors.dot(scratch, scratch);
        for (int pair = 0; pair < count; pair++) {
            ahead[pair] *= rate / curvature;
        }
        return rate > 0 && curvature > 0;
    }

    /**
     * Writes the step to the maximum of D if no further pixel reached the box's bounds or left
     * them.
     */
    private boolean newton() {
        for (int pair = 0; pair < count; pair++) {
            for (int i = 0; i < seed.length; i++) {
                scratch[i] = reached[i] > 0 && reached[i] < 1 ? gradients[pair][i] : 0;
            }
            for (int other = 0; other <= pair; other++) {
                double across =
                        overlaps[pair * LOOKS + other]
                                - along[pair] / length * (along[other] / length);
                matrix[pair * LOOKS + other] =
                        Vectors.dot(scratch, gradients[other]) + tolerance / length * across;
            }
            matrix[pair * LOOKS + pair] += Schedule.BOUND_RIDGE;
        }
        return solve();
    }

    /** Writes the step ahead whose product with the matrix is the slope. */
    private boolean solve() {
        System.arraycopy(slope, 0, ahead, 0, count);
        if (!system.factor(matrix, count)) {
            return false;
        }
        system.solve(ahead);
        return true;
    }
}
