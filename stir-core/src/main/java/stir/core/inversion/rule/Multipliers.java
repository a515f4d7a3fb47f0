package stir.core.inversion.rule;

import stir.core.linalg.Vectors;

/**
 * The multipliers l and the penalty mu of an augmented Lagrangian of one input's residual r, which
 * is to lie in a ball B a little smaller than the tolerance: {@code mu/2 dist(l/mu + r, B)^2 -
 * l'l/(2 mu)}. Its cotangent is {@code l + mu r}, shortened by mu times the ball's radius, or 0,
 * and renewed multipliers are the cotangent at the point. Beside half the squared way from the seed
 * it is least where the representations agree within the tolerance and no such point is nearer.
 *
 * <p>Hestenes, <i>Multiplier and gradient methods</i>, 1969; Powell, <i>A method for nonlinear
 * constraints in minimization problems</i>, 1969; for sets in place of equations Rockafellar,
 * <i>Augmented Lagrange multiplier functions and duality in nonconvex programming</i>, 1974.
 */
final class Multipliers implements Cotangents {
    /** The first penalty, against half a squared way and a relative distance. */
    private static final double FIRST = 3000;

    /** The share of the distance that multipliers which are good enough leave at most. */
    private static final double ENOUGH = 0.3;

    /** What the penalty is raised by where they were not. */
    private static final double RAISE = 3;

    /** The ball's radius, against the tolerance: points at its border are found. */
    private static final double INSIDE = 0.95;

    private final float[] multipliers;
    private final double tolerance;
    private double penalty;
    private double before = Double.POSITIVE_INFINITY;
    private boolean renew;
    private double squares;

    /**
     * Multipliers of 0.
     *
     * @param width the size of a representation
     * @param norm of the target
     * @param tolerance the distance within which representations agree
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

    /** A unit whose r is exactly 0 is off in both inputs. */
    @Override
    public void write(float[] residual, double distance, float[] cotangent) {
        hold(residual, cotangent);
        if (renew) {
            renew = false;
            System.arraycopy(cotangent, 0, multipliers, 0, multipliers.length);
            squares = Vectors.dot(multipliers, multipliers);
            if (distance > Math.max(tolerance, ENOUGH * before)) {
                penalty *= RAISE;
            }
            before = distance;
            hold(residual, cotangent);
        }
    }

    private void hold(float[] residual, float[] cotangent) {
        for (int i = 0; i < residual.length; i++) {
            cotangent[i] = residual[i] == 0 ? 0 : multipliers[i] + (float) penalty * residual[i];
        }
        double length = Math.sqrt(Vectors.dot(cotangent, cotangent));
        double left = length - penalty * INSIDE * tolerance;
        Vectors.scale(cotangent, left > 0 ? (float) (left / length) : 0);
    }

    /** The value at a residual, given its cotangent. */
    double value(float[] cotangent) {
        return (Vectors.dot(cotangent, cotangent) - squares) / (2 * penalty);
    }
}
