package stir.core.network;

import stir.api.Layout;
import stir.api.UsageException;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What happens to an input in [0,1] before a model takes it: {@code (x - mean) / standardDeviation}
 * for each channel. Size, channels and layout follow from what the model takes: images are resized
 * (bilinearly, with antialiasing), grey ones repeated over three channels or colours weighed to
 * grey, and the channels put first or last. All of it is differentiated through.
 *
 * @param mean one value in [0,1] for each channel of the model, or one for all; empty for 0
 * @param standardDeviation likewise, each above 0 and at most 1; empty for 1
 * @param layout how the model takes images, where the file does not tell it or tells it wrongly
 * @since 0.1.0
 */
public record Preprocessing(
        List<Double> mean, List<Double> standardDeviation, Optional<Layout> layout) {
    private static final double BYTE = 255;

    /** Nothing but what the model's shape asks for. */
    public static final Preprocessing NONE =
            new Preprocessing(List.of(), List.of(), Optional.empty());

    /** Checks the values. */
    public Preprocessing {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        for (double value : mean) {
            if (!(value >= 0 && value <= 1)) {
                throw new UsageException(
                        "A mean of %s is not possible: inputs lie in [0,1], so their mean does, too%s."
                                .formatted(value, ofBytes(value)));
            }
        }
        for (double value : standardDeviation) {
            if (!(value > 0 && value <= 1)) {
                throw new UsageException(
                        "A standard deviation of %s is not possible: inputs lie in [0,1], so it is above 0 and at most 1%s."
                                .formatted(value, ofBytes(value)));
            }
        }
    }

    private static String ofBytes(double value) {
        return value > 1 && value <= BYTE ? "; divide values for pixels of 0 to 255 by 255" : "";
    }

    /**
     * A normalisation by its name, or by its values.
     *
     * @param named by name; then there are no values
     * @throws UsageException if there are both, or values are out of range
     */
    public static Preprocessing of(
            Optional<Normalisation> named,
            List<Double> mean,
            List<Double> standardDeviation,
            Optional<Layout> layout) {
        if (named.isEmpty()) {
            return new Preprocessing(mean, standardDeviation, layout);
        }
        if (!mean.isEmpty() || !standardDeviation.isEmpty()) {
            throw new UsageException(
                    "There is a normalisation by name and by mean or standard deviation: give one of the two.");
        }
        return new Preprocessing(named.get().mean(), named.get().standardDeviation(), layout);
    }

    /** Normalisation with these values, one for each channel or one for all. */
    public static Preprocessing normalise(double[] mean, double[] standardDeviation) {
        return new Preprocessing(
                Arrays.stream(mean).boxed().toList(),
                Arrays.stream(standardDeviation).boxed().toList(),
                Optional.empty());
    }
}
