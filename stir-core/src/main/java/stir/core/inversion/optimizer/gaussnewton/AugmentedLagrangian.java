package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Vectors;

/**
 * The method of multipliers for the nearest point whose representation agrees: the residual r is to
 * lie in a ball B a little smaller than the tolerance. With multipliers lambda and a penalty mu the
 * augmented Lagrangian is half the squared distance from the seed plus {@code mu/2 dist(lambda/mu +
 * r, B)^2 - lambda'lambda/(2 mu)}. Its gradient by r is the cotangent, which renewed multipliers
 * are set to.
 *
 * <p>Hestenes, <i>Multiplier and gradient methods</i>, 1969; Powell, <i>A method for nonlinear
 * constraints in minimization problems</i>, 1969; for sets in place of equations Rockafellar,
 * <i>Augmented Lagrange multiplier functions and duality in nonconvex programming</i>, 1974.
 */
final class AugmentedLagrangian implements MultiSecant.Cotangents {
    /** The passes within which the residual has to reach the tolerance. */
    private static final int ARRIVAL = 2 * Schedule.CYCLE;

    private final float[] seed;
    private final float[] multipliers;
    private final double tolerance;
    private final ProjectedLbfgs lbfgs;
    private double penalty;
    private double distance;
    private double distanceBefore = Double.POSITIVE_INFINITY;
    private double nearestBefore = Double.POSITIVE_INFINITY;
    private int passes;
    private int steps;
    private int renewalsInVain;
    private boolean renews;
    private double squaredMultipliers;
    private double squaredCotangent;

    /**
     * Creates multipliers of 0.
     *
     * @param seed the point from which distances are measured
     * @param width the size of a representation
     * @param norm of the target
     * @param tolerance the distance within which representations agree
     */
    AugmentedLagrangian(float[] seed, int width, double norm, double tolerance) {
        this.seed = seed;
        this.multipliers = new float[width];
        this.tolerance = tolerance;
        this.lbfgs = new ProjectedLbfgs(seed.length);
        this.penalty = Schedule.PENALTY / (norm * norm);
    }

    /** Makes the next cotangent that of new multipliers. */
    void renew() {
        renews = true;
    }

    @Override
    public void write(float[] residual, float[] cotangent) {
        distance = Math.sqrt(Vectors.dot(residual, residual));
        differentiate(residual, cotangent);
        if (renews) {
            renews = false;
            System.arraycopy(cotangent, 0, multipliers, 0, multipliers.length);
            squaredMultipliers = squaredCotangent;
            if (distance > Math.max(tolerance, distanceBefore / Schedule.RAISE)) {
                penalty *= Schedule.RAISE;
            }
            distanceBefore = distance;
            differentiate(residual, cotangent);
        }
    }

    /** Writes the gradient by r. A unit whose r is exactly 0 is off in both inputs. */
    private void differentiate(float[] residual, float[] cotangent) {
        for (int i = 0; i < residual.length; i++) {
            cotangent[i] = residual[i] == 0 ? 0 : multipliers[i] + (float) penalty * residual[i];
        }
        double length = Math.sqrt(Vectors.dot(cotangent, cotangent));
        double left = length - penalty * Schedule.NEARER * tolerance;
        Vectors.scale(cotangent, left > 0 ? (float) (left / length) : 0);
        squaredCotangent = Vectors.dot(cotangent, cotangent);
    }

    /** Returns the value at the residual of the last cotangent, without the distance. */
    double value() {
        return (squaredCotangent - squaredMultipliers) / (2 * penalty);
    }

    /**
     * Makes a step of L-BFGS from a pass, and renews the multipliers after some steps, where the
     * gradient is short, or where the line search fails.
     *
     * @param nearest the least distance from the seed of a point that agrees, or infinity
     * @param point becomes the point of the next pass
     * @param gradient the pullback of the last cotangent; becomes that of the whole value
     * @return false at the end: where a renewal is in vain, above the tolerance two in a row
     */
    boolean next(double nearest, float[] point, float[] gradient) {
        double moved = Vectors.squaredDistance(point, seed);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += point[i] - seed[i];
        }
        boolean falls = lbfgs.next(moved / 2 + value(), point, gradient);
        passes++;
        steps++;
        if (!falls || steps == Schedule.INNER || lbfgs.steepness() < (1 - Schedule.GAIN) * Math.sqrt(moved)) {
            renewalsInVain = isWorthwhile(nearest) ? 0 : renewalsInVain + 1;
            if (renewalsInVain > (distance <= tolerance ? 0 : 1)) {
                return false;
            }
            nearestBefore = nearest;
            steps = 0;
            lbfgs.restart(point);
            renew();
        }
        boolean converged = nearest < Double.POSITIVE_INFINITY;
        return passes < ARRIVAL + (converged ? Schedule.CYCLE / 2 : 0);
    }

    /**
     * Returns whether the distance still falls, or the residual would at this rate reach the
     * tolerance in time.
     */
    private boolean isWorthwhile(double nearest) {
        if (distance <= tolerance) {
            return nearest <= Schedule.SETTLED * nearestBefore;
        }
        double renewalsLeft = (ARRIVAL - passes) / (double) steps;
        return distance * Math.pow(distance / distanceBefore, renewalsLeft) <= tolerance;
    }
}
