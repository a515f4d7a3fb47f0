package stir.core.inversion.rule;

import stir.core.linalg.Vectors;

/**
 * The multipliers l and the penalty mu of an augmented Lagrangian {@code l'r + mu r'r / 2} of one
 * input's residual r, whose cotangent is {@code l + mu r}. Beside half the squared way from the
 * seed it is least where the representations agree and no such point is nearer.
 *
 * <p>Hestenes, <i>Multiplier and gradient methods</i>, 1969; Powell, <i>A method for nonlinear
 * constraints in minimization problems</i>, 1969.
 */
final class Multipliers {
    /** The first penalty, against half a squared way and a relative distance. */
    private static final double FIRST = 3000;

    /** The share of the distance that multipliers which are good enough leave at most. */
    private static final double ENOUGH = 0.3;

    /** What the penalty is raised by where they were not. */
    private static final double RAISE = 3;

    private final float[] multipliers;
    private final double tolerance;
    private double penalty;
    private double before = Double.POSITIVE_INFINITY;
    private boolean renew;

    /**
     * Multipliers of 0.
     *
     * @param width the size of a representation
     * @param norm of the target
     * @param tolerance the distance within which the penalty is not raised
     */
    Multipliers(int width, double norm, double tolerance) {
        this.multipliers = new float[width];
        this.tolerance = tolerance;
        this.penalty = FIRST / (norm * norm);
    }

    /** Makes the next cotangent that of new multipliers. */
    void renew() {
        renew = true;
    }

    /** Writes the cotangent of a residual. A unit whose r is exactly 0 is off in both inputs. */
    void apply(float[] residual, double distance, float[] cotangent) {
        if (renew) {
            renew = false;
            for (int i = 0; i < residual.length; i++) {
                multipliers[i] =
                        residual[i] == 0 ? 0 : multipliers[i] + (float) penalty * residual[i];
            }
            if (distance > Math.max(tolerance, ENOUGH * before)) {
                penalty *= RAISE;
            }
            before = distance;
        }
        for (int i = 0; i < residual.length; i++) {
            cotangent[i] = residual[i] == 0 ? 0 : multipliers[i] + (float) penalty * residual[i];
        }
    }

    /** The value at a residual, given its cotangent. */
    double value(float[] residual, float[] cotangent) {
        return (Vectors.dot(multipliers, residual) + (double) Vectors.dot(residual, cotangent)) / 2;
    }
}
