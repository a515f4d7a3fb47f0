package stir.core.math.statistics;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The values of a measure for inputs in random orders, as floats. Scores with the same seed and
 * number of inputs have the same orders. Immutable.
 *
 * @since 0.1.0
 */
public final class Shuffled {
    private final float[] values;

    /** Copies the values. */
    Shuffled(double[] values) {
        this.values = new float[values.length];
        IntStream.range(0, values.length).forEach(i -> this.values[i] = (float) values[i]);
    }

    /** Reads the big-endian floats of a text in Base64. */
    @JsonCreator
    Shuffled(String text) {
        var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(text)).asFloatBuffer();
        this.values = new float[bytes.remaining()];
        bytes.get(values);
    }

    /** Returns the values as big-endian floats in Base64. */
    @JsonValue
    @Override
    public String toString() {
        var bytes = ByteBuffer.allocate(Float.BYTES * values.length);
        bytes.asFloatBuffer().put(values);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /** Returns the number of orders. */
    public int count() {
        return values.length;
    }

    /**
     * Returns the p-value of each of several observed values as that of their maximum: the share of
     * orders in which any of the values is as far above its own mean. If all values below 5 % are
     * called real, the probability of even one error is at most 5 %, since the same orders keep the
     * dependence between the values.
     *
     * <p>Each value is divided by its standard deviation, so that values with a high floor do not
     * hide others. The observed order counts as one of the orders, in means as in shares: the
     * p-value is never 0 (Westfall and Young 1993, Resampling-based multiple testing).
     *
     * @param observed the values of the inputs in their order
     * @param shuffled their values in the same random orders; of further orders that only some
     *     have, none is used
     * @param largerIsMoreSimilar whether large values are more similar; otherwise the minimum
     *     counts
     */
    public static double[] ofMaximum(double[] observed, List<Shuffled> shuffled, boolean largerIsMoreSimilar) {
        int orders = shuffled.stream().mapToInt(Shuffled::count).min().orElse(0);
        var largest = new double[orders];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        var standardised = new double[observed.length];
        for (int k = 0; k < observed.length; k++) {
            var values = new double[orders + 1];
            for (int i = 0; i < orders; i++) {
                values[i] = shuffled.get(k).values[i];
            }
            values[orders] = (float) observed[k];
            double mean = SampleStatistics.mean(values);
            double unit = SampleStatistics.standardDeviation(values) * (largerIsMoreSimilar ? 1 : -1);
            for (int i = 0; i <= orders; i++) {
                values[i] = unit == 0 ? 0 : (values[i] - mean) / unit;
            }
            standardised[k] = values[orders];
            for (int i = 0; i < orders; i++) {
                largest[i] = Math.max(largest[i], values[i]);
            }
        }
        return Arrays.stream(standardised)
                .map(one ->
                        (1.0 + Arrays.stream(largest).filter(all -> all >= one).count()) / (orders + 1.0))
                .toArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shuffled that && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }
}
