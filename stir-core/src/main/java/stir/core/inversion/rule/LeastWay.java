package stir.core.inversion.rule;

import stir.core.linalg.Cholesky;
import stir.core.linalg.Vectors;
import stir.core.network.pass.Box;

import java.util.Arrays;

/**
 * How near to its seed s an invariant input could lie, were the network linear around the point x'
 * that was found, with the residual r and the Jacobian J there. No point x of the box [0,1] with
 * {@code |r + J(x - x')| <= tolerance} is nearer than the square root of {@code 2 D(u)}, whatever
 * the cotangent u (weak duality; Boyd and Vandenberghe, <i>Convex Optimization</i>, 2004, chapter
 * 5):
 *
 * <pre>D(u) = min over x in the box of |x - s|^2 / 2 + u'(r + J(x - x'))  -  tolerance |u|</pre>
 *
 * <p>The minimiser x(u) is {@code s - J'u}, clamped. At the best u it is the nearest point of the
 * linear model: a step there that is projected onto the set of equal representations.
 *
 * <p>A few passes look for a good u. Each is made a little way from x' to x(u) for the best u so
 * far. What the representation changes by is the slope of D; it is pulled back, which gives one
 * more {@code J'u}, and the best combination of all is found by Newton's steps. The last pass is at
 * x' and pulls that back, so that the bound owes nothing to how u was found.
 */
final class LeastWay implements Cotangents {
    /** The most passes that look for u. With 12 bounds were lower, with 40 hardly higher. */
    private static final int LOOKS = 20;

    /**
     * The most passes altogether: those, the one that is at x', and a search's last, which makes no
     * step.
     */
    static final int PASSES = LOOKS + 2;

    /** The fewest, as long as there is another direction to look into. */
    private static final int FEWEST = 4;

    /** The share of the bound that a pass has to bring, or it is the last to look. */
    private static final double GAIN = 0.001;

    /**
     * The share of the way from x' to x(u). With a hundredth J was another one there, and bounds
     * were lower. Rounding is multiplied by its inverse; it makes u worse, but no bound wrong.
     */
    private static final float SHARE = 3e-4f;

    /** The most of Newton's steps. */
    private static final int ROUNDS = 20;

    /** The share of D that a step has to promise. */
    private static final double ENOUGH = 1e-5;

    /** A shorter part of a step than this is not tried. */
    private static final double SHORTEST = 1e-3;

    /** What is added to the squared length of 1 of each J'u, which may be much alike. */
    private static final double RIDGE = 1e-6;

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
     * A bound that is not known yet. The next pass has to be at the point.
     *
     * @param seed s
     * @param found x', not to be changed any more
     * @param width the size of a representation
     * @param tolerance the distance within which representations agree
     */
    LeastWay(float[] seed, float[] found, int width, double tolerance) {
        this.seed = seed;
        this.found = found;
        this.tolerance = tolerance;
        this.residual = new float[width];
        this.cotangents = new float[LOOKS][width];
        this.gradients = new float[LOOKS][seed.length];
        this.reached = new float[seed.length];
        this.scratch = new float[seed.length];
    }

    /** How many values are held. */
    static long valuesOfAnInput(int width, int size) {
        return (LOOKS + 1L) * width + (LOOKS + 3L) * size;
    }

    /** A ReLU that is off in both inputs, and on the way, asks for nothing. */
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
                cotangent[i] = residual[i] + (here[i] - residual[i]) / SHARE;
            }
        }
        System.arraycopy(cotangent, 0, cotangents[count], 0, cotangent.length);
    }

    /**
     * Goes on from a pass.
     *
     * @param gradient what it pulled back
     * @param point becomes where the next pass is to be made
     * @return false if it was the last one: the {@link #bound} is known
     */
    boolean next(float[] gradient, float[] point) {
        double before = bound();
        boolean taken = take(gradient);
        climb();
        if (combined) {
            return false;
        }
        boolean gained = taken && bound() > (1 + GAIN) * before;
        combined = count == LOOKS || (!gained && passes >= (taken ? FEWEST : 2));
        for (int i = 0; i < point.length; i++) {
            point[i] = combined ? found[i] : found[i] + SHARE * (reached[i] - found[i]);
        }
        return true;
    }

    /** The least distance from the seed to first order; NaN if a gradient was not finite. */
    double bound() {
        return isBroken ? Double.NaN : Math.sqrt(2 * Math.max(0, value));
    }

    /** Takes the pair of the cotangent that was written last, unless it leads nowhere. */
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

    /** Makes D as large as the pairs let it be. */
    private void climb() {
        value = look(factors);
        for (int round = 0; round < ROUNDS; round++) {
            if (!(length > 0 ? newton() : steepest())) {
                break;
            }
            double promised = 0;
            for (int pair = 0; pair < count; pair++) {
                promised += slope[pair] * ahead[pair];
            }
            if (!(promised > ENOUGH * value) || !step()) {
                break;
            }
        }
        value = look(factors);
    }

    /** Goes ahead, as far as D grows. */
    private boolean step() {
        for (double part = 1; part > SHORTEST; part /= 2) {
            for (int pair = 0; pair < count; pair++) {
                trial[pair] = factors[pair] + part * ahead[pair];
            }
            double after = look(trial);
            if (after > value) {
                System.arraycopy(trial, 0, factors, 0, count);
                value = after;
                return true;
            }
        }
        return false;
    }

    /** D of a combination of the pairs; leaves its x(u), its slope, and the length of u. */
    private double look(double[] combination) {
        System.arraycopy(seed, 0, reached, 0, seed.length);
        for (int pair = 0; pair < count; pair++) {
            Vectors.addMultiple((float) -combination[pair], gradients[pair], reached);
        }
        double sum = 0;
        for (int i = 0; i < seed.length; i++) {
            reached[i] = Box.clamp(reached[i]);
            double way = reached[i] - seed[i];
            sum += way * way / 2;
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
     * The first step: where u is 0, D is not smooth. It grows most along the combination of the
     * cotangents that is nearest to the residual of the model at the seed, if that is longer than
     * the tolerance.
     */
    private boolean steepest() {
        for (int pair = 0; pair < count; pair++) {
            System.arraycopy(overlaps, pair * LOOKS, matrix, pair * LOOKS, count);
            matrix[pair * LOOKS + pair] *= 1 + RIDGE;
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
     * A step to where D would be largest if no other pixel reached the box's bounds or left them.
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
            matrix[pair * LOOKS + pair] += RIDGE;
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
