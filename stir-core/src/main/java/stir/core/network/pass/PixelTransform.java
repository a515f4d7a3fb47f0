package stir.core.network.pass;

import org.jspecify.annotations.Nullable;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.InputSpec;
import stir.api.Layout;
import stir.api.Shape;
import stir.api.UsageException;
import stir.api.support.Words;
import stir.core.inputs.ValueRange;
import stir.core.math.resampling.Resampling;
import stir.core.network.Network;
import stir.core.network.Preprocessing;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The transform from pixels (channels x height x width in [0,1], or a vector) to a model's input,
 * and of gradients back: clamp, map to the range of the inputs' values, resize, channels,
 * normalisation, layout. Values outside [0,1] are clamped and pass no gradient, as with {@code
 * torch.clamp}.
 *
 * <p>Not thread-safe.
 */
public final class PixelTransform {
    private static final double[] LUMA = {0.299, 0.587, 0.114}; // ITU-R BT.601

    private final Shape pixels;
    private final Shape model;
    private final boolean channelsLast;
    private final int channels;
    private final int height;
    private final int width;
    private final int modelChannels;
    private final int modelHeight;
    private final int modelWidth;
    private final @Nullable Resampling rows;
    private final @Nullable Resampling columns;
    private final float[] mean;
    private final float[] deviation;
    private final ValueRange range;

    private final float[] image;
    private final float[] point;
    private final float[] half;
    private final float[] resized;
    private final float[] taken;

    private PixelTransform(
            Shape pixels,
            Shape model,
            boolean channelsLast,
            Preprocessing preprocessing,
            ValueRange range) {
        this.pixels = pixels;
        this.model = model;
        this.channelsLast = channelsLast;
        boolean isRotated = channelsLast && model.rank() != 3;
        boolean isImage = pixels.rank() == 3 && !isRotated;
        int first = isRotated ? model.dimension(model.rank() - 1) : 1;
        channels = isImage ? pixels.dimension(0) : first;
        height = isImage ? pixels.dimension(1) : 1;
        width = isImage ? pixels.dimension(2) : pixels.size() / first;
        if (isImage && model.rank() == 3) {
            modelChannels = model.dimension(channelsLast ? 2 : 0);
            modelHeight = model.dimension(channelsLast ? 0 : 1);
            modelWidth = model.dimension(channelsLast ? 1 : 2);
        } else {
            modelChannels = channels;
            modelHeight = height;
            modelWidth = width;
        }
        rows = modelHeight == height ? null : Resampling.bilinear(height, modelHeight);
        columns = modelWidth == width ? null : Resampling.bilinear(width, modelWidth);
        mean = perChannel(preprocessing.mean(), 0, "mean");
        deviation = perChannel(preprocessing.standardDeviation(), 1, "standard deviation");
        this.range = range;
        image = new float[pixels.size()];
        point = new float[pixels.size()];
        half = new float[rows == null && columns == null ? 0 : channels * height * modelWidth];
        resized =
                rows == null && columns == null
                        ? image
                        : new float[channels * modelHeight * modelWidth];
        taken = new float[model.size()];
    }

    private float[] perChannel(List<Double> values, double missing, String what) {
        if (values.size() > 1 && values.size() != modelChannels) {
            throw new UsageException(
                    "The %s has %d values, but the model takes %d channels: use one value, or one per channel."
                            .formatted(what, values.size(), modelChannels));
        }
        var all = new float[modelChannels];
        for (int i = 0; i < modelChannels; i++) {
            all[i] =
                    (float)
                            (double)
                                    (values.isEmpty()
                                            ? Double.valueOf(missing)
                                            : values.get(values.size() == 1 ? 0 : i));
        }
        return all;
    }

    /**
     * Creates the transform from pixels to a model's input.
     *
     * @throws DataException if no transform is known from one to the other
     * @throws UsageException if mean or deviation do not fit the channels
     */
    public static PixelTransform between(
            Shape pixels, InputSpec spec, Preprocessing preprocessing) {
        return between(pixels, spec, preprocessing, ValueRange.UNIT);
    }

    /**
     * Creates the transform from pixels to a network's input, by its preprocessing and range.
     *
     * @throws DataException if no transform is known from one to the other
     * @throws UsageException if mean or deviation do not fit the channels
     */
    public static PixelTransform between(Shape pixels, Network network) {
        return between(pixels, network.input(), network.preprocessing(), network.range());
    }

    private static PixelTransform between(
            Shape pixels, InputSpec spec, Preprocessing preprocessing, ValueRange range) {
        var layout = preprocessing.layout().orElse(spec.layout());
        var rotated = channelsToEnd(pixels, spec.shape(), preprocessing);
        if (rotated.isPresent()) {
            return new PixelTransform(pixels, rotated.get(), true, preprocessing, range);
        }
        boolean isAsTaken =
                pixels.rank() == 3
                        && !isGreyOrColour(pixels.dimension(0))
                        && !preprocessing.layout().equals(Optional.of(Layout.CHANNELS_LAST));
        if (pixels.rank() != 3 || (isAsTaken && spec.shape().admits(pixels))) {
            if (spec.shape().rank() != 0 && !spec.shape().admits(pixels)) {
                throw mismatch(pixels, spec);
            }
            return new PixelTransform(pixels, pixels, false, preprocessing, range);
        }
        boolean last = layout == Layout.CHANNELS_LAST;
        var wanted = spec.shape();
        if (wanted.rank() == 1
                && (wanted.dimension(0) == Shape.UNKNOWN || wanted.dimension(0) == pixels.size())) {
            return new PixelTransform(pixels, Shape.of(pixels.size()), false, preprocessing, range);
        }
        if (wanted.rank() == 2 && isGrey(pixels)) {
            var flat = withoutChannel(pixels);
            if (wanted.admits(flat)) {
                return new PixelTransform(pixels, flat, false, preprocessing, range);
            }
        }
        if (wanted.rank() == 0
                && preprocessing.layout().equals(Optional.of(Layout.FLAT))
                && isGrey(pixels)) {
            var flat = withoutChannel(pixels);
            return new PixelTransform(pixels, flat, false, preprocessing, range);
        }
        if (wanted.rank() != 3 && wanted.rank() != 0) {
            throw mismatch(pixels, spec);
        }
        int modelChannels = known(wanted, last ? 2 : 0, pixels.dimension(0));
        int modelHeight = known(wanted, last ? 0 : 1, pixels.dimension(1));
        int modelWidth = known(wanted, last ? 1 : 2, pixels.dimension(2));
        if (modelChannels != pixels.dimension(0)
                && !(isGreyOrColour(modelChannels) && isGreyOrColour(pixels.dimension(0)))) {
            throw mismatch(pixels, spec);
        }
        var model =
                last
                        ? Shape.of(modelHeight, modelWidth, modelChannels)
                        : Shape.of(modelChannels, modelHeight, modelWidth);
        return new PixelTransform(pixels, model, last, preprocessing, range);
    }

    /**
     * Returns the shape of arrays that are not images for a model that takes their first dimension
     * as its last; empty if it does not.
     */
    private static Optional<Shape> channelsToEnd(
            Shape pixels, Shape wanted, Preprocessing preprocessing) {
        boolean grey = isGrey(pixels);
        int first = grey && wanted.rank() == 2 ? 1 : 0;
        if (!preprocessing.layout().equals(Optional.of(Layout.CHANNELS_LAST))
                || pixels.rank() - first == 3
                || pixels.rank() - first < 2) {
            return Optional.empty();
        }
        var sizes = Arrays.copyOfRange(pixels.dimensions(), first + 1, pixels.rank() + 1);
        sizes[sizes.length - 1] = pixels.dimension(first);
        var rotated = Shape.of(sizes);
        if (grey && wanted.admits(withoutChannel(pixels))) {
            return Optional.empty(); // grey images fit as they are
        }
        return wanted.rank() == 0 || wanted.admits(rotated)
                ? Optional.of(rotated)
                : Optional.empty();
    }

    private static boolean isGreyOrColour(int channels) {
        return channels == 1 || channels == 3;
    }

    private static int known(Shape shape, int index, int otherwise) {
        return shape.rank() == 0 || shape.dimension(index) == Shape.UNKNOWN
                ? otherwise
                : shape.dimension(index);
    }

    /** Refuses inputs; those of one channel have the shape that the user gave, without it. */
    private static DataException mismatch(Shape pixels, InputSpec spec) {
        boolean isMatrix = spec.shape().rank() == 2 && isGrey(pixels);
        return new DataException(
                "The inputs are %s, but the model takes %s (%s) as '%s': use inputs of that shape."
                        .formatted(
                                isMatrix ? withoutChannel(pixels) : pixels,
                                spec.shape(),
                                Words.of(spec.layout()),
                                spec.name()));
    }

    private static boolean isGrey(Shape pixels) {
        return pixels.rank() == 3 && pixels.dimension(0) == 1;
    }

    private static Shape withoutChannel(Shape pixels) {
        return Shape.of(pixels.dimension(1), pixels.dimension(2));
    }

    /** Returns the shape of one row as the model receives it. */
    public Shape modelShape() {
        return model;
    }

    /** Returns a transform of the same kind with scratch memory of its own. */
    PixelTransform another() {
        var normalisation = new Preprocessing(doubles(mean), doubles(deviation), Optional.empty());
        return new PixelTransform(pixels, model, channelsLast, normalisation, range);
    }

    private static List<Double> doubles(float[] values) {
        var list = new Double[values.length];
        for (int i = 0; i < values.length; i++) {
            list[i] = (double) values[i];
        }
        return List.of(list);
    }

    /** Writes the model's input for each row of pixels. */
    public void forward(Batch from, Batch into) {
        var source = from.buffer();
        var target = into.buffer();
        for (int row = 0; row < from.rows(); row++) {
            source.get(row * image.length, image);
            Box.clamp(image);
            range.fromUnit(image);
            resize();
            if (keepsOrder()) {
                normaliseInOrder();
            } else {
                normaliseAndMix();
            }
            target.put(row * taken.length, taken);
        }
    }

    /** Returns whether each value of the model's input comes from the pixel at the same index. */
    private boolean keepsOrder() {
        return channels == modelChannels && (channels == 1 || !channelsLast);
    }

    /** Handles the usual case in a form that the compiler vectorises. */
    private void normaliseInOrder() {
        int area = modelHeight * modelWidth;
        for (int channel = 0; channel < modelChannels; channel++) {
            float shift = mean[channel];
            float scale = deviation[channel];
            int end = (channel + 1) * area;
            for (int i = channel * area; i < end; i++) {
                taken[i] = (resized[i] - shift) / scale;
            }
        }
    }

    private void normaliseAndMix() {
        int area = modelHeight * modelWidth;
        for (int channel = 0; channel < modelChannels; channel++) {
            for (int i = 0; i < area; i++) {
                float value = (mixed(channel, i, area) - mean[channel]) / deviation[channel];
                taken[channelsLast ? i * modelChannels + channel : channel * area + i] = value;
            }
        }
    }

    private void resize() {
        if (rows == null && columns == null) {
            return;
        }
        if (columns == null) {
            System.arraycopy(image, 0, half, 0, half.length);
        } else {
            columns.apply(image, half, channels * height, width, 1);
        }
        if (rows == null) {
            System.arraycopy(half, 0, resized, 0, resized.length);
        } else {
            rows.apply(half, resized, channels, height, modelWidth);
        }
    }

    /**
     * Returns the value of a model's channel: the pixel's own, its grey repeated, or the weighted
     * sum of its colours.
     */
    private float mixed(int channel, int i, int area) {
        if (channels == modelChannels) {
            return resized[channel * area + i];
        }
        if (channels == 1) {
            return resized[i];
        }
        return (float)
                (LUMA[0] * resized[i]
                        + LUMA[1] * resized[area + i]
                        + LUMA[2] * resized[2 * area + i]);
    }

    /**
     * Writes the gradient by the pixels.
     *
     * @param from the pixels at which {@link #forward} was computed
     * @param gradients the gradients by the model's inputs
     * @param into gradients by the pixels, to be written
     */
    void backward(Batch from, Batch gradients, Batch into) {
        var points = from.buffer();
        var source = gradients.buffer();
        var target = into.buffer();
        for (int row = 0; row < from.rows(); row++) {
            source.get(row * taken.length, taken);
            if (keepsOrder()) {
                denormaliseInOrder();
            } else {
                denormaliseAndUnmix();
            }
            unresize();
            range.scale(image);
            points.get(row * image.length, point);
            for (int i = 0; i < image.length; i++) {
                image[i] = point[i] < 0 || point[i] > 1 ? 0 : image[i];
            }
            target.put(row * image.length, image);
        }
    }

    private void denormaliseInOrder() {
        int area = modelHeight * modelWidth;
        for (int channel = 0; channel < modelChannels; channel++) {
            float scale = deviation[channel];
            int end = (channel + 1) * area;
            for (int i = channel * area; i < end; i++) {
                resized[i] = taken[i] / scale;
            }
        }
    }

    private void denormaliseAndUnmix() {
        int area = modelHeight * modelWidth;
        Arrays.fill(resized, 0);
        for (int channel = 0; channel < modelChannels; channel++) {
            for (int i = 0; i < area; i++) {
                float gradient =
                        taken[channelsLast ? i * modelChannels + channel : channel * area + i]
                                / deviation[channel];
                unmix(channel, i, area, gradient);
            }
        }
    }

    private void unmix(int channel, int i, int area, float gradient) {
        if (channels == modelChannels) {
            resized[channel * area + i] = gradient;
        } else if (channels == 1) {
            resized[i] += gradient;
        } else {
            for (int colour = 0; colour < LUMA.length; colour++) {
                resized[colour * area + i] += (float) (LUMA[colour] * gradient);
            }
        }
    }

    private void unresize() {
        if (rows == null && columns == null) {
            return; // resized is the image itself
        }
        if (rows == null) {
            System.arraycopy(resized, 0, half, 0, half.length);
        } else {
            Arrays.fill(half, 0);
            rows.applyTransposed(resized, half, channels, height, modelWidth);
        }
        if (columns == null) {
            System.arraycopy(half, 0, image, 0, image.length);
        } else {
            Arrays.fill(image, 0);
            columns.applyTransposed(half, image, channels * height, width, 1);
        }
    }
}
