package stir.core.inversion;

import java.util.Arrays;
import java.util.List;
import stir.api.UsageException;
import stir.api.support.Words;

/**
 * A random change of the image before a network receives it. A search with augmentations finds
 * inputs whose representation matches wherever they are placed and however they are turned. Numbers
 * are drawn again for each input and step, and depend only on the random seed, the input's index
 * and the step.
 *
 * <p>Augmentations are applied in the order of a list. The image keeps its size; pixels that move
 * in from outside repeat its border, or are grey after {@link Kind#PAD}.
 *
 * <p>Sources: Olah et al., Feature Visualization, 2017, and its library lucid; Nanda et al., Do
 * Invariances in Deep Neural Networks Align with Human Perception?, AAAI 2023. These shift by up to
 * d pixels to one side and crop; here shifts are centred, and nothing is cropped.
 *
 * @param kind the kind of change
 * @param amount the largest change; above 0
 * @since 0.1.0
 */
public record Augmentation(Kind kind, double amount) {
    /** A kind of change. */
    public enum Kind {
        /** A shift along each axis by an integer number of pixels from -amount/2 to amount/2. */
        JITTER,

        /**
         * A margin of grey (0.5) around the image. Its width does not matter: the network receives
         * a window of the image's own size.
         */
        PAD,

        /** An enlargement by a factor from 1 - amount to 1 + amount, in 11 equal steps. */
        SCALE,

        /** A turn about the centre by a whole number of degrees from -amount to amount. */
        ROTATE;

        /** Returns the name in settings. */
        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    /** Checks the amount. */
    public Augmentation {
        double most = kind == Kind.SCALE ? 0.9 : kind == Kind.ROTATE ? 180 : 10_000;
        if (!(amount > 0 && amount <= most)) {
            throw new UsageException(
                    "The transform %s takes a number above 0 up to %s, not %s.".formatted(kind, most, amount));
        }
    }

    /**
     * Parses a list such as {@code jitter:8,scale:0.1,rotate:10,jitter:4}.
     *
     * @throws UsageException if the text is malformed or an amount is out of range
     */
    public static List<Augmentation> parse(String text) {
        return Arrays.stream(text.split(",", -1)).map(Augmentation::parseOne).toList();
    }

    private static Augmentation parseOne(String part) {
        int colon = part.indexOf(':');
        if (colon < 0) {
            throw unreadable(part);
        }
        var kind = Words.parse(Kind.class, "transform", part.substring(0, colon));
        try {
            return new Augmentation(kind, Double.parseDouble(part.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw unreadable(part);
        }
    }

    private static UsageException unreadable(String part) {
        var kinds = Arrays.stream(Kind.values()).map(kind -> kind + ":AMOUNT").toList();
        return new UsageException(
                "'%s' is not a transform: use %s, separated by commas.".formatted(part, String.join(", ", kinds)));
    }

    /** Returns the text that {@link #parse} reads. */
    @Override
    public String toString() {
        return kind + ":" + (amount == Math.rint(amount) ? (long) amount + "" : amount + "");
    }
}
