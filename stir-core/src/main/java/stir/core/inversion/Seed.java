package stir.core.inversion;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import stir.api.UsageException;
import stir.api.support.Words;

/**
 * The point at which the search for an invariant input begins. Random seeds are keyed by the RNG
 * seed and the input's index, so they do not depend on the batch size, the order or the threads.
 *
 * @since 0.1.0
 */
public sealed interface Seed {
    /** The names that {@link #parse} accepts. */
    List<String> KINDS = List.of(("super-noise smooth-noise one-noise uniform light-noise one-uniform white black"
                    + " all-kinds other-input other-class far")
            .split(" ", -1));

    /** A seed without parameters. */
    enum Kind implements Seed {
        /**
         * Standard normal noise for each input, not clamped before the first pass: the published
         * choice. It has nothing to do with the input.
         */
        SUPER_NOISE,
        /**
         * Standard normal noise for each input after a Gaussian filter with a standard deviation of
         * 2 pixels, scaled to variance 1. Needs images. It is as far from inputs as {@link
         * #SUPER_NOISE}, but has no high spatial frequencies, most of which a search does not
         * change.
         */
        SMOOTH_NOISE,
        /** The same standard normal noise for every input. */
        ONE_NOISE,
        /**
         * The same noise, uniform in [0,1], for every input. Source: {@code completely-random} in
         * the code of Nanda et al., ICML 2022.
         */
        ONE_UNIFORM,
        /**
         * Three kinds in turn: the first input and every third after it begins from the same noise
         * as with {@link #ONE_NOISE}, the next from white, the next from black. Source: {@code
         * all_types} in the code of Nanda et al., ICML 2022, in which each kind fills a third of a
         * batch; here an input's seed does not depend on the number of inputs.
         */
        ALL_KINDS,
        /** Noise that is uniform in [0,1] for each input. */
        UNIFORM,
        /** Another input of the same set, chosen at random. */
        OTHER_INPUT,
        /**
         * An input of another class, chosen at random; needs labels. Source: Jones et al., If
         * you've trained one you've trained them all, UAI 2022.
         */
        OTHER_CLASS;

        @Override
        public String text() {
            return Words.of(this);
        }
    }

    /**
     * The input itself with a little normal noise.
     *
     * @param deviation the noise's standard deviation, above 0
     */
    record LightNoise(double deviation) implements Seed {
        /** The deviation if {@link Seed#parse} is given none. */
        public static final double DEFAULT_DEVIATION = 0.1;

        /** Checks the deviation. */
        public LightNoise {
            if (!(deviation > 0)) {
                throw new UsageException("The noise's standard deviation must be above 0, not " + deviation + ".");
            }
        }

        @Override
        public String text() {
            return deviation == DEFAULT_DEVIATION ? "light-noise" : "light-noise:" + deviation;
        }
    }

    /**
     * The same value everywhere.
     *
     * @param value the grey, from 0 (black) to 1 (white)
     */
    record Constant(float value) implements Seed {
        /** Checks the range. */
        public Constant {
            if (!(value >= 0 && value <= 1)) {
                throw new UsageException("A constant seed must lie in [0,1], not at " + value + ".");
            }
        }

        @Override
        public String text() {
            return value == 1 ? "white" : value == 0 ? "black" : "constant:" + value;
        }
    }

    /**
     * A random corner of a cube around the box that is three times as wide. The search begins at
     * the input, moved a part of the way to the seed, and continues as far as invariant inputs
     * reach. Repeats come in pairs with opposite corners: of K points of a cube, such pairs have
     * the largest mean squared distance.
     *
     * @param opposite whether it is the second corner of a pair
     */
    record Far(boolean opposite) implements Seed {
        /** The distance of the corner from the middle of the box, in each element. */
        public static final float REACH = 1.5f;

        @Override
        public String text() {
            return opposite ? "far-opposite" : "far";
        }

        @Override
        public boolean isOutside() {
            return true;
        }

        @Override
        public Seed ofRepeat(int repeat) {
            return new Far(opposite == (repeat % 2 == 1));
        }

        @Override
        public long key(long rngSeed, int repeat) {
            return rngSeed + (repeat - 1) / 2;
        }
    }

    /**
     * Inputs from a file or folder, one per input, in order.
     *
     * @param path a file or folder that {@link stir.core.inputs.InputsSpec#openUnbounded} opens
     */
    record Given(Path path) implements Seed {
        @Override
        public String text() {
            return path.toString();
        }
    }

    /** Returns the text that {@link #parse} reads. */
    String text();

    /** Returns whether all inputs have the same seed. */
    default boolean isOneForAll() {
        return this instanceof Constant || this == Kind.ONE_NOISE || this == Kind.ONE_UNIFORM;
    }

    /**
     * Returns whether the seed attracts the search from outside the box. The nearest points in the
     * box stand for other seeds.
     */
    default boolean isOutside() {
        return false;
    }

    /**
     * Returns the seed of a repeat of the search.
     *
     * @param repeat the number of the repeat, from 1
     */
    default Seed ofRepeat(int repeat) {
        return this;
    }

    /**
     * Returns the key of the random numbers of a repeat.
     *
     * @param rngSeed the key of the first seed
     * @param repeat the number of the repeat, from 1
     */
    default long key(long rngSeed, int repeat) {
        return rngSeed + repeat - 1;
    }

    /**
     * Parses one of {@link #KINDS}, {@code constant:VALUE}, {@code light-noise:DEVIATION}, or the
     * path of a file or folder with seeds.
     *
     * @throws UsageException if the text is none of them
     */
    static Seed parse(String text) {
        for (var kind : Kind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        return switch (text) {
            case "light-noise" -> new LightNoise(LightNoise.DEFAULT_DEVIATION);
            case "white" -> new Constant(1);
            case "black" -> new Constant(0);
            case "far" -> new Far(false);
            case "far-opposite" -> new Far(true);
            default -> parametrised(text);
        };
    }

    private static Seed parametrised(String text) {
        try {
            if (text.startsWith("constant:")) {
                return new Constant(Float.parseFloat(text.substring("constant:".length())));
            }
            if (text.startsWith("light-noise:")) {
                return new LightNoise(Double.parseDouble(text.substring("light-noise:".length())));
            }
        } catch (NumberFormatException e) {
            throw new UsageException(
                    "'%s' does not end in a number: use a form such as constant:0.5 or light-noise:0.05."
                            .formatted(text),
                    e);
        }
        var path = path(text);
        if (path.isEmpty() || !Files.exists(path.get())) {
            throw new UsageException(
                    "Unknown seed '%s': use one of %s, constant:VALUE, light-noise:DEVIATION, or the path of a file or folder of seeds; to change the random numbers, set the RNG seed."
                            .formatted(text, String.join(", ", KINDS)));
        }
        return new Given(path.get());
    }

    /** Returns a path; empty if no file can have that name. */
    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
