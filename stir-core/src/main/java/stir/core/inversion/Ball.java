package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;
import stir.api.support.Words;

/**
 * Where a search stays, besides the box [0,1]: within a distance of the seed or of the input. Every
 * point, the first included, lies in both, exactly.
 *
 * <p>Source: projected gradient descent, Madry et al., Towards Deep Learning Models Resistant to
 * Adversarial Attacks, ICLR 2018.
 *
 * @param norm the Euclidean norm or the infinity norm
 * @param radius in pixel space, above 0
 * @param centre what it lies around
 * @since 0.1.0
 */
public record Ball(Norm norm, double radius, Centre centre) {
    /** What a ball lies around. */
    public enum Centre {
        /** Where the search begins, clamped to [0,1]. */
        SEED,
        /** The input. */
        INPUT;

        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    /** Checks the ranges. */
    public Ball {
        if (!norm.equals(Norm.L2) && !norm.equals(Norm.LINF)) {
            throw new UsageException(
                    "A ball has the norm l2 or linf, not " + norm + ": write l2:R or linf:R.");
        }
        if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
            throw new UsageException("A ball's radius must be above 0, not " + radius + ".");
        }
    }

    /**
     * Reads {@code l2:RADIUS@seed}, {@code linf:RADIUS@input} and so on.
     *
     * @throws UsageException if the text is nothing of the kind
     */
    public static Ball parse(String text) {
        int colon = text.indexOf(':');
        int at = text.indexOf('@');
        if (colon > 0 && at > colon) {
            var norm = text.substring(0, colon);
            var centre = text.substring(at + 1);
            boolean known = norm.equals("l2") || norm.equals("linf");
            if (known && (centre.equals("seed") || centre.equals("input"))) {
                try {
                    return new Ball(
                            norm.equals("l2") ? Norm.L2 : Norm.LINF,
                            Double.parseDouble(text.substring(colon + 1, at)),
                            centre.equals("seed") ? Centre.SEED : Centre.INPUT);
                } catch (NumberFormatException e) {
                    throw unreadable(text);
                }
            }
        }
        throw unreadable(text);
    }

    private static UsageException unreadable(String text) {
        return new UsageException(
                "'%s' is not a ball: write l2:RADIUS@seed, l2:RADIUS@input, linf:RADIUS@seed or linf:RADIUS@input."
                        .formatted(text));
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return "l" + norm + ":" + radius + "@" + centre;
    }
}
