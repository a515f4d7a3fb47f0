package stir.core.inversion.optimizer.gaussnewton;

import stir.core.math.linalg.Vectors;

/**
 * The constraint part of an augmented Lagrangian: {@code mu/2 dist(lambda/mu + r, B)^2 -
 * lambda'lambda/(2 mu)} for the residual r, which is to lie in a ball B a little smaller than the
 * tolerance, with multipliers lambda and a penalty mu. Its gradient by r is the cotangent {@code
 * lambda + mu r}, shortened by mu times the ball's radius, or 0; renewed multipliers are the
 * cotangent at the point. Together with half the squared distance from the seed it is least at the
 * nearest point whose representation agrees.
 *
 * <p>Hestenes, <i>Multiplier and gradient methods</i>, 1969; Powell, <i>A method for nonlinear
 * constraints in minimization problems</i>, 1969; for sets in place of equations Rockafellar,
 * <i>Augmented Lagrange multiplier functions and duality in nonconvex programming</i>, 1974.
 */
final class AugmentedLagrangian implements Cotangents {
    private final float[] multipliers;
    private final double tolerance;
    private double penalty;
    private double distanceBefore = Double.POSITIVE_INFINITY;
    private boolean renews;
    private double squaredMultipliers;
    private double squaredCotangent;

    /**
     * Creates multipliers of 0.
     *
     * @param width the size of a representation
     * @param norm of the target
     * @param tolerance the distance within which representations agree
     */
    AugmentedLagrangian(int width, double norm, double tolerance) {
        this.multipliers = new float[width];
        this.tolerance = tolerance;
        this.penalty = Schedule.PENALTY / (norm * norm);
    }

    /** Makes the next cotangent that of new multipliers. */
    void renew() {
        renews = true;
    }

    @Override
    public void write(float[] residual, double distance, float[] cotangent) {
        differentiate(residual, cotangent);
        if (renews) {
            renews = false;
            System.arraycopy(cotangent, 0, multipliers, 0, multipliers.length);
            squaredMultipliers = squaredCotangent;
            if (distance > Math.max(tolerance, Schedule.ENOUGH * distanceBefore)) {
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
        double left = length - penalty * Schedule.INSIDE * tolerance;
        Vectors.scale(cotangent, left > 0 ? (float) (left / length) : 0);
        squaredCotangent = Vectors.dot(cotangent, cotangent);
    }

    /** Returns the value at the residual of the last cotangent. */
    double value() {
        return (squaredCotangent - squaredMultipliers) / (2 * penalty);
    }
}
