package stir.core.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import stir.api.Layout;
import stir.api.UsageException;
import stir.core.inputs.ValueRange;

/**
 * The transformation of an input, a value of its range, before a model receives it: {@code (x -
 * mean) / standardDeviation} for each channel. Size, channels and layout follow from the model's
 * input: images are resized (bilinearly, with antialiasing), grey ones repeated over three channels
 * or colours weighed to grey, and the channels put first or last. Gradients pass through all steps.
 *
 * @param mean one value per channel of the model, or one for all; empty for 0
 * @param standardDeviation the divisor, as one value per channel or one for all, each above 0;
 *     empty for 1
 * @param layout the layout of the model's images, if the file has none or a wrong layout
 * @since 0.1.0
 */
public record Preprocessing(List<Double> mean, List<Double> standardDeviation, Optional<Layout> layout) {
    private static final double BYTE = 255;

    /** Only the transformations that the model's shape requires. */
    public static final Preprocessing NONE = new Preprocessing(List.of(), List.of(), Optional.empty());

    /** Checks the values. */
    public Preprocessing {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        for (double value : mean) {
            if (!Double.isFinite(value)) {
                throw new UsageException("The mean must be finite, not " + value + ".");
            }
        }
        for (double value : standardDeviation) {
            if (!(value > 0) || Double.isInfinite(value)) {
                throw deviation(value);
            }
        }
    }

    /** Checks that the values are possible for inputs of a range: those for [0,1] are small. */
    void check(ValueRange range) {
        if (!range.isUnit()) {
            return;
        }
        for (double value : mean) {
            if (!(value >= 0 && value <= 1)) {
                throw new UsageException("The mean must be in [0,1], not %s%s.".formatted(value, ofBytes(value)));
            }
        }
        for (double value : standardDeviation) {
            if (value > 1) {
                throw deviation(value);
            }
        }
    }

    private static UsageException deviation(double value) {
        return new UsageException(
                "The standard deviation must be above 0 and at most 1, not %s%s.".formatted(value, ofBytes(value)));
    }

    private static String ofBytes(double value) {
        return value > 1 && value <= BYTE ? "; divide means and deviations for pixels of 0 to 255 by 255" : "";
    }

    /**
     * Creates a transformation from a normalisation's name, or from its values.
     *
     * @param named the name; then there are no values
     * @throws UsageException if a name and values are given, or values are out of range
     */
    public static Preprocessing of(
            Optional<Normalisation> named, List<Double> mean, List<Double> standardDeviation, Optional<Layout> layout) {
        if (named.isEmpty()) {
            return new Preprocessing(mean, standardDeviation, layout);
        }
        if (!mean.isEmpty() || !standardDeviation.isEmpty()) {
            throw new UsageException(
                    "The normalisation is given twice, by name and by mean or standard deviation: keep one of the two.");
        }
        return new Preprocessing(named.get().mean(), named.get().standardDeviation(), layout);
    }

    /**
     * Creates a normalisation with values, one per channel or one for all.
     *
     * @param mean the values to subtract, in units of pixels in [0,1]
     * @param standardDeviation the values to divide by, above 0
     */
    public static Preprocessing normalise(double[] mean, double[] standardDeviation) {
        return new Preprocessing(
                Arrays.stream(mean).boxed().toList(),
                Arrays.stream(standardDeviation).boxed().toList(),
                Optional.empty());
    }
}
