package stir.core.network.pass;

import java.util.ArrayList;
import java.util.List;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.InputSpec;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.ValueRange;
import stir.core.math.resampling.Resampling;
import stir.core.network.Network;
import stir.core.network.Preprocessing;

/**
 * The transform from pixels (channels x height x width in [0,1], or a vector) to a model's input,
 * and of gradients back: clamp, map to the range of the inputs' values, resize, channels,
 * normalisation, layout. Values outside [0,1] are clamped and pass no gradient, as with {@code
 * torch.clamp}.
 *
 * <p>Not thread-safe.
 */
public final class PixelTransform {
    private final Shape model;
    private final List<PixelStep> steps;
    private final float[] point;

    /** The clamped pixels, followed by the results of each step. */
    private final float[][] values;

    private PixelTransform(int pixels, Shape model, List<PixelStep> steps) {
        this.model = model;
        this.steps = steps;
        point = new float[pixels];
        values = new float[steps.size() + 1][];
        values[0] = new float[pixels];
        for (int i = 0; i < steps.size(); i++) {
            int size = steps.get(i).size();
            values[i + 1] = size == 0 ? values[i] : new float[size];
        }
    }

    /**
     * Creates the transform from pixels to a model's input.
     *
     * @throws DataException if no transform is known from one to the other
     * @throws UsageException if mean or deviation do not fit the channels
     */
    public static PixelTransform between(Shape pixels, InputSpec spec, Preprocessing preprocessing) {
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

    private static PixelTransform between(Shape pixels, InputSpec spec, Preprocessing preprocessing, ValueRange range) {
        var model = ModelShape.of(pixels, spec, preprocessing);
        return new PixelTransform(pixels.size(), model.shape(), steps(model, preprocessing, range));
    }

    private static List<PixelStep> steps(ModelShape model, Preprocessing preprocessing, ValueRange range) {
        var from = model.from();
        var to = model.to();
        var steps = new ArrayList<PixelStep>();
        if (!range.isUnit()) {
            steps.add(new PixelStep.Ranged(range));
        }
        int lines = from.channels() * from.height();
        resize(steps, lines, from.width(), to.width(), 1);
        resize(steps, from.channels(), from.height(), to.height(), to.width());
        if (from.channels() != to.channels()) {
            steps.add(
                    from.channels() == 1
                            ? new PixelStep.Repeated(to.channels(), to.area())
                            : new PixelStep.ToGrey(to.area()));
        }
        if (!preprocessing.mean().isEmpty()
                || !preprocessing.standardDeviation().isEmpty()) {
            var mean = perChannel(preprocessing.mean(), 0, "mean", to.channels());
            var deviations = preprocessing.standardDeviation();
            var deviation = perChannel(deviations, 1, "standard deviation", to.channels());
            steps.add(new PixelStep.Normalised(mean, deviation, to.area()));
        }
        if (model.channelsLast() && to.channels() > 1) {
            steps.add(new PixelStep.ChannelsLast(to.channels(), to.area()));
        }
        return List.copyOf(steps);
    }

    private static void resize(List<PixelStep> steps, int outer, int from, int to, int inner) {
        if (from != to) {
            var resampling = Resampling.bilinear(from, to);
            steps.add(new PixelStep.Resized(resampling, outer, from, to, inner));
        }
    }

    private static float[] perChannel(List<Double> values, double missing, String name, int channels) {
        if (values.size() > 1 && values.size() != channels) {
            throw new UsageException(
                    "The %s has %d values, but the model takes %d channels: use one value, or one per channel."
                            .formatted(name, values.size(), channels));
        }
        var all = new float[channels];
        for (int i = 0; i < channels; i++) {
            double value = values.isEmpty() ? missing : values.get(values.size() == 1 ? 0 : i);
            all[i] = (float) value;
        }
        return all;
    }

    /** Returns the shape of one row as the model receives it. */
    public Shape modelShape() {
        return model;
    }

    /** Returns a transform of the same kind with scratch memory of its own. */
    PixelTransform another() {
        return new PixelTransform(point.length, model, steps);
    }

    /** Writes the model's input for each row of pixels. */
    public void forward(Batch from, Batch into) {
        var source = from.buffer();
        var target = into.buffer();
        var pixels = values[0];
        var taken = values[steps.size()];
        for (int row = 0; row < from.rows(); row++) {
            source.get(row * pixels.length, pixels);
            Box.clamp(pixels);
            for (int i = 0; i < steps.size(); i++) {
                steps.get(i).forward(values[i], values[i + 1]);
            }
            target.put(row * taken.length, taken);
        }
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
        var pixels = values[0];
        var taken = values[steps.size()];
        for (int row = 0; row < from.rows(); row++) {
            source.get(row * taken.length, taken);
            for (int i = steps.size() - 1; i >= 0; i--) {
                steps.get(i).backward(values[i + 1], values[i]);
            }
            points.get(row * point.length, point);
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = point[i] < 0 || point[i] > 1 ? 0 : pixels[i];
            }
            target.put(row * pixels.length, pixels);
        }
    }
}
