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
 * @param mean one value for each channel of the model, or one for all; empty for 0
 * @param standardDeviation likewise, each above 0; empty for 1
 * @param layout how the model takes images, where the file does not tell it or tells it wrongly
 */
public record Preprocessing(
        List<Double> mean, List<Double> standardDeviation, Optional<Layout> layout) {
    /** Nothing but what the model's shape asks for. */
    public static final Preprocessing NONE =
            new Preprocessing(List.of(), List.of(), Optional.empty());

    /** Checks the values. */
    public Preprocessing {
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        for (double value : mean) {
            if (!Double.isFinite(value)) {
                throw new UsageException(
                        "A mean of " + value + " makes no sense: give finite numbers.");
            }
        }
        for (double value : standardDeviation) {
            if (!(value > 0) || Double.isInfinite(value)) {
                throw new UsageException(
                        "A standard deviation of "
                                + value
                                + " makes no sense: it must be above 0.");
            }
        }
    }

    /** Normalisation with these values, one for each channel or one for all. */
    public static Preprocessing normalise(double[] mean, double[] standardDeviation) {
        return new Preprocessing(
                Arrays.stream(mean).boxed().toList(),
                Arrays.stream(standardDeviation).boxed().toList(),
                Optional.empty());
    }
}
