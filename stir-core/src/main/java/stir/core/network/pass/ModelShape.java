package stir.core.network.pass;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import stir.api.DataException;
import stir.api.InputSpec;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.support.Words;
import stir.core.network.Preprocessing;

/**
 * The shape of a model's input for pixels.
 *
 * @param shape the shape of one row as the model receives it
 * @param from the planes of the pixels
 * @param to the planes of the model's input, channels first
 * @param channelsLast whether the model receives the channels after the other dimensions
 */
record ModelShape(Shape shape, Planes from, Planes to, boolean channelsLast) {
    /** The cases, of which the first that fits decides. */
    private static final List<Function<Fit, Optional<ModelShape>>> CASES =
            List.of(Fit::rotated, Fit::unchanged, Fit::vector, Fit::matrix, Fit::image);

    /** The sizes of channels of pixels; those of a vector are one row. */
    record Planes(int channels, int height, int width) {
        static Planes of(Shape pixels) {
            return pixels.rank() == 3
                    ? new Planes(pixels.dimension(0), pixels.dimension(1), pixels.dimension(2))
                    : new Planes(1, 1, pixels.size());
        }

        int area() {
            return height * width;
        }
    }

    /**
     * Returns the shape for pixels.
     *
     * @throws DataException if the model does not accept them
     */
    static ModelShape of(Shape pixels, InputSpec spec, Preprocessing preprocessing) {
        var layout = preprocessing.layout();
        var fit = new Fit(pixels, spec.shape(), layout, layout.orElse(spec.layout()));
        return CASES.stream()
                .flatMap(rule -> rule.apply(fit).stream())
                .findFirst()
                .orElseThrow(() -> mismatch(fit, spec));
    }

    /** Refuses inputs; those of one channel have the shape that the user gave, without it. */
    private static DataException mismatch(Fit fit, InputSpec spec) {
        boolean isMatrix = spec.shape().rank() == 2 && fit.isGrey();
        return new DataException("The inputs are %s, but the model takes %s (%s) as '%s': use inputs of that shape."
                .formatted(
                        isMatrix ? fit.withoutChannel() : fit.pixels,
                        spec.shape(),
                        Words.of(spec.layout()),
                        spec.name()));
    }

    /**
     * Pixels and the input of a model, which may be unknown.
     *
     * @param pixels the shape of the pixels
     * @param wanted the shape of the model's input; of rank 0 if it is unknown
     * @param chosen the layout that the user chose
     * @param layout the layout of the model's images
     */
    private record Fit(Shape pixels, Shape wanted, Optional<Layout> chosen, Layout layout) {
        /** Arrays that are not images, for a model that takes their first dimension as its last. */
        Optional<ModelShape> rotated() {
            int first = isGrey() && wanted.rank() == 2 ? 1 : 0;
            int rank = pixels.rank() - first;
            boolean fitsAsItIs = isGrey() && wanted.admits(withoutChannel());
            if (!isChosen(Layout.CHANNELS_LAST) || rank == 3 || rank < 2 || fitsAsItIs) {
                return Optional.empty();
            }
            var sizes = Arrays.copyOfRange(pixels.dimensions(), first + 1, pixels.rank() + 1);
            int channels = pixels.dimension(first);
            sizes[sizes.length - 1] = channels;
            var planes = new Planes(channels, 1, pixels.size() / channels);
            return Optional.of(new ModelShape(Shape.of(sizes), planes, planes, true))
                    .filter(model -> isUnknown() || wanted.admits(model.shape));
        }

        /** Vectors and volumes, and images whose channels are not those of grey or colour. */
        Optional<ModelShape> unchanged() {
            boolean fits = wanted.admits(pixels);
            return pixels.rank() == 3
                    ? inOrder(pixels, fits && !isGreyOrColour(pixels.dimension(0)) && !isChosen(Layout.CHANNELS_LAST))
                    : inOrder(pixels, fits || isUnknown());
        }

        /** Images as the vector of their values. */
        Optional<ModelShape> vector() {
            var flat = Shape.of(pixels.size());
            return inOrder(flat, pixels.rank() == 3 && wanted.admits(flat));
        }

        /** Grey images without their channel. */
        Optional<ModelShape> matrix() {
            return isGrey()
                    ? inOrder(
                            withoutChannel(), wanted.admits(withoutChannel()) || (isUnknown() && isChosen(Layout.FLAT)))
                    : Optional.empty();
        }

        /** Images that are resized, and made grey or coloured. */
        Optional<ModelShape> image() {
            if (pixels.rank() != 3 || (wanted.rank() != 3 && !isUnknown())) {
                return Optional.empty();
            }
            boolean last = layout == Layout.CHANNELS_LAST;
            var from = Planes.of(pixels);
            int channels = known(last ? 2 : 0, from.channels);
            int height = known(last ? 0 : 1, from.height);
            int width = known(last ? 1 : 2, from.width);
            if (channels != from.channels && !(isGreyOrColour(channels) && isGreyOrColour(from.channels))) {
                return Optional.empty();
            }
            var shape = last ? Shape.of(height, width, channels) : Shape.of(channels, height, width);
            return Optional.of(new ModelShape(shape, from, new Planes(channels, height, width), last));
        }

        private Optional<ModelShape> inOrder(Shape shape, boolean fits) {
            var planes = Planes.of(pixels);
            return fits ? Optional.of(new ModelShape(shape, planes, planes, false)) : Optional.empty();
        }

        private int known(int index, int otherwise) {
            return isUnknown() || wanted.dimension(index) == Shape.UNKNOWN ? otherwise : wanted.dimension(index);
        }

        private boolean isUnknown() {
            return wanted.rank() == 0;
        }

        private boolean isChosen(Layout other) {
            return chosen.equals(Optional.of(other));
        }

        private boolean isGrey() {
            return pixels.rank() == 3 && pixels.dimension(0) == 1;
        }

        private Shape withoutChannel() {
            return Shape.of(pixels.dimension(1), pixels.dimension(2));
        }
    }

    private static boolean isGreyOrColour(int channels) {
        return channels == 1 || channels == 3;
    }
}
