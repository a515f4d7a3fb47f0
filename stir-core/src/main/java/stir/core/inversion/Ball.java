package stir.core.inversion;

import java.util.regex.Pattern;
import stir.api.Norm;
import stir.api.UsageException;
import stir.api.support.Words;

/**
 * A constraint of a search besides the box [0,1]: a distance from the seed or from the input. Every
 * point, including the first, satisfies the two constraints exactly.
 *
 * <p>Source: projected gradient descent, Madry et al., Towards Deep Learning Models Resistant to
 * Adversarial Attacks, ICLR 2018.
 *
 * @param norm the Euclidean norm or the infinity norm
 * @param radius the radius in pixel space, above 0
 * @param centre the centre
 * @since 0.1.0
 */
public record Ball(Norm norm, double radius, Centre centre) {
    private static final Pattern TEXT = Pattern.compile("l(2|inf):([^@]+)@(seed|input)");

    /** The centre of a ball. */
    public enum Centre {
        /** The seed, clamped to [0,1]. */
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
            throw new UsageException("A ball has the norm l2 or linf, not " + norm + ": use l2:R or linf:R.");
        }
        if (!(radius > 0 && radius < Double.POSITIVE_INFINITY)) {
            throw new UsageException("A ball's radius must be above 0, not " + radius + ".");
        }
    }

    /**
     * Parses {@code l2:RADIUS@seed}, {@code linf:RADIUS@input} and so on.
     *
     * @throws UsageException if the text is malformed or the radius is out of range
     */
    public static Ball parse(String text) {
        var parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw unreadable(text);
        }
        try {
            return new Ball(
                    Norm.parse(parts.group(1)),
                    Double.parseDouble(parts.group(2)),
                    Words.parse(Centre.class, "centre", parts.group(3)));
        } catch (NumberFormatException e) {
            throw unreadable(text);
        }
    }

    private static UsageException unreadable(String text) {
        return new UsageException(
                "'%s' is not a ball: use l2:RADIUS@seed, l2:RADIUS@input, linf:RADIUS@seed or linf:RADIUS@input."
                        .formatted(text));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return "l" + norm + ":" + radius + "@" + centre;
    }
}
