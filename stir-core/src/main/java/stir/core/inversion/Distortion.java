package stir.core.inversion;

import stir.api.UsageException;
import stir.api.support.Words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A random change of the image before a network sees it. A search that distorts finds inputs whose
 * representation matches wherever they stand, however they are turned. Numbers are drawn anew for
 * each input and each step, and depend on the random seed, the input's index and the step alone.
 *
 * <p>Distortions follow each other in the order of a list. The image stays as large as it is; what
 * moves in from outside repeats its border, or is grey after {@link Kind#PAD}.
 *
 * <p>Sources: Olah et al., Feature Visualization, 2017, and its library lucid; Nanda et al., Do
 * Invariances in Deep Neural Networks Align with Human Perception?, AAAI 2023. These shift by up to
 * d pixels to one side and crop; here shifts are centred, and nothing is cropped.
 *
 * @param kind what is done
 * @param amount how much at most; above 0
 * @since 0.1.0
 */
public record Distortion(Kind kind, double amount) {
    /** What can be done to an image. */
    public enum Kind {
        /** A shift in both directions by a whole number of pixels from -amount/2 to amount/2. */
        JITTER,

        /**
         * A margin of grey (0.5) around the image. Only whether there is one counts: the network
         * sees a window of the image's own size.
         */
        PAD,

        /** An enlargement by a factor from 1 - amount to 1 + amount, in 11 equal steps. */
        SCALE,

        /** A turn about the centre by a whole number of degrees from -amount to amount. */
        ROTATE;

        /** The name in settings. */
        @Override
        public String toString() {
            return Words.of(this);
        }
    }

    /** Checks the amount. */
    public Distortion {
        double most = kind == Kind.SCALE ? 0.9 : kind == Kind.ROTATE ? 180 : 10_000;
        if (!(amount > 0 && amount <= most)) {
            throw new UsageException(
                    "The transform %s takes a number above 0 up to %s, not %s."
                            .formatted(kind, most, amount));
        }
    }

    /**
     * Reads a list such as {@code jitter:8,scale:0.1,rotate:10,jitter:4}.
     *
     * @throws UsageException if it can't be read
     */
    public static List<Distortion> parse(String text) {
        var distortions = new ArrayList<Distortion>();
        for (var part : text.split(",", -1)) {
            int colon = part.indexOf(':');
            var kind =
                    Arrays.stream(Kind.values())
                            .filter(
                                    known ->
                                            colon > 0
                                                    && known.toString()
                                                            .equals(part.substring(0, colon)))
                            .findFirst()
                            .orElseThrow(() -> unreadable(part));
            try {
                distortions.add(
                        new Distortion(kind, Double.parseDouble(part.substring(colon + 1))));
            } catch (NumberFormatException e) {
                throw unreadable(part);
            }
        }
        return List.copyOf(distortions);
    }

    private static UsageException unreadable(String part) {
        return new UsageException(
                "'%s' is not a transform: write %s, with commas in between."
                        .formatted(
                                part,
                                Arrays.stream(Kind.values())
                                        .map(kind -> kind + ":AMOUNT")
                                        .collect(Collectors.joining(", "))));
    }

    /** What {@link #parse} reads. */
    @Override
    public String toString() {
        return kind + ":" + (amount == Math.rint(amount) ? (long) amount + "" : amount + "");
    }
}
