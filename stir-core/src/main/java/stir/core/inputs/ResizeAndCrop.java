package stir.core.inputs;

import java.util.Optional;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.UsageException;

/**
 * The transformation that gives all images one size, before any other step: images are resized,
 * then cropped around their centre, with the arithmetic of torchvision's {@code Resize} and {@code
 * CenterCrop}. The resulting images are the inputs of searches. (A network for images of another
 * size resizes them again, as a part of the network.)
 *
 * <p>Values are not rounded to bytes, as in torchvision with tensors. Those of {@link
 * Interpolation#BICUBIC} are clamped to [0,1].
 *
 * @param resize the size before the crop; empty to keep the image's size
 * @param crop the size of the part around the centre that is kept; empty for all
 * @param interpolation the filter of the resizing
 * @since 0.1.0
 */
public record ResizeAndCrop(Optional<Resize> resize, Optional<PixelSize> crop, Interpolation interpolation) {
    /** No change. */
    public static final ResizeAndCrop NONE =
            new ResizeAndCrop(Optional.empty(), Optional.empty(), Interpolation.BILINEAR);

    /** A rule for the size of a resized image. */
    public sealed interface Resize {
        /** Returns the new size of an image. */
        PixelSize of(PixelSize image);
    }

    /**
     * A length of the shorter side; the longer one keeps the proportions, rounded down.
     *
     * @param pixels the length, above 0
     */
    public record ShorterSide(int pixels) implements Resize {
        /**
         * Checks the length.
         *
         * @throws UsageException if it is out of range
         */
        public ShorterSide {
            PixelSize.square(pixels);
        }

        @Override
        public PixelSize of(PixelSize image) {
            int shorter = Math.min(image.height(), image.width());
            int longer = Math.max(image.height(), image.width());
            int other = (int) ((long) pixels * longer / shorter);
            return image.height() <= image.width() ? new PixelSize(pixels, other) : new PixelSize(other, pixels);
        }

        @Override
        public String toString() {
            return "the shorter side resized to " + pixels;
        }
    }

    /** An exact size, which may change the proportions. */
    public record Exactly(PixelSize size) implements Resize {
        @Override
        public PixelSize of(PixelSize image) {
            return size;
        }

        @Override
        public String toString() {
            return "resized to " + size;
        }
    }

    /**
     * Creates the usual square: the shorter side is resized to its length, then the centre kept.
     */
    public static ResizeAndCrop square(int side) {
        return new ResizeAndCrop(
                Optional.of(new ShorterSide(side)), Optional.of(PixelSize.square(side)), Interpolation.BILINEAR);
    }

    /**
     * Parses sizes.
     *
     * @param resize one number for the shorter side, or height x width; empty for none
     * @param crop one side of a square, or height x width; empty for none
     * @param size short for a resize and a crop with the same number; empty for none
     * @throws UsageException if a text is not a size, or {@code size} comes with another
     */
    public static ResizeAndCrop parse(
            Optional<String> resize, Optional<String> crop, Optional<String> size, Interpolation interpolation) {
        if (size.isPresent()) {
            if (resize.isPresent() || crop.isPresent()) {
                throw new UsageException("A size sets both resize and crop: use either the size, or the other two.");
            }
            var given = PixelSize.parse(size.get());
            return new ResizeAndCrop(resize(size.get()), Optional.of(given), interpolation);
        }
        return new ResizeAndCrop(resize.flatMap(ResizeAndCrop::resize), crop.map(PixelSize::parse), interpolation);
    }

    private static Optional<Resize> resize(String text) {
        var size = PixelSize.parse(text);
        return Optional.of(text.contains("x") ? new Exactly(size) : new ShorterSide(size.height()));
    }

    /** Returns whether images change at all. */
    public boolean changes() {
        return resize.isPresent() || crop.isPresent();
    }

    /**
     * Returns the size of a resized and cropped image.
     *
     * @param image the size as it was read
     * @param source the image, for messages
     * @throws DataException if the crop is larger than the image
     */
    PixelSize size(PixelSize image, String source) {
        var resized = resize.map(rule -> rule.of(image)).orElse(image);
        if (crop.isPresent()
                && (crop.get().height() > resized.height() || crop.get().width() > resized.width())) {
            throw new DataException(
                    "%s has %s pixels, too few for a crop of %s: resize the images first."
                            .formatted(source, resized, crop.get()),
                    Remedy.RESIZE_IMAGES);
        }
        return crop.orElse(resized);
    }

    /**
     * Resizes and crops an image.
     *
     * @param values channels x height x width
     * @param image its size as it was read
     */
    float[] apply(float[] values, PixelSize image) {
        var resized = resize.map(rule -> rule.of(image)).orElse(image);
        var whole = resized.equals(image) ? values : resized(values, image, resized);
        return crop.map(part -> cropped(whole, resized, part)).orElse(whole);
    }

    private float[] resized(float[] values, PixelSize from, PixelSize to) {
        int channels = values.length / from.height() / from.width();
        var half = new float[channels * from.height() * to.width()];
        interpolation.of(from.width(), to.width()).apply(values, half, channels * from.height(), from.width(), 1);
        var all = new float[channels * to.height() * to.width()];
        interpolation.of(from.height(), to.height()).apply(half, all, channels, from.height(), to.width());
        for (int i = 0; i < all.length; i++) {
            all[i] = Math.max(0, Math.min(1, all[i]));
        }
        return all;
    }

    private static float[] cropped(float[] values, PixelSize image, PixelSize part) {
        int channels = values.length / image.height() / image.width();
        int top = margin(image.height() - part.height());
        int left = margin(image.width() - part.width());
        var cropped = new float[channels * part.height() * part.width()];
        for (int line = 0; line < channels * part.height(); line++) {
            int channel = line / part.height();
            int y = channel * image.height() + top + line % part.height();
            System.arraycopy(values, y * image.width() + left, cropped, line * part.width(), part.width());
        }
        return cropped;
    }

    /** Returns half of the surplus; a half pixel is rounded to even, as by Python's round. */
    private static int margin(int left) {
        return (int) Math.rint(left / 2.0);
    }

    /** Returns a description; empty if nothing changes. */
    @Override
    public String toString() {
        var filter = interpolation == Interpolation.BILINEAR ? "bilinear" : "bicubic";
        var first = resize.map(rule -> rule + " (antialiased, " + filter + ")").orElse("");
        var second = crop.map(part -> "cropped to the central " + part).orElse("");
        return first.isEmpty() || second.isEmpty() ? first + second : first + ", " + second;
    }
}
