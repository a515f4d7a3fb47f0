package stir.core.inputs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import stir.api.Batch;
import stir.api.UsageException;

/**
 * The range of inputs' values, which a search does not leave. A search works in [0,1]: inputs are
 * read as {@code (x - low) / (high - low)}, networks receive {@code low + (high - low) z}, and
 * stored inputs are values of the range again.
 *
 * @param low the lowest value of each channel, or one for all; of a vector each value is a channel
 * @param high the highest values, the same number
 * @since 0.1.0
 */
public record ValueRange(List<Double> low, List<Double> high) {
    /** The range of images, in which values stay as they are. */
    public static final ValueRange UNIT = new ValueRange(List.of(0.0), List.of(1.0));

    private static final ValueChange FROM_UNIT = (value, least, width) -> least + width * value;

    /** Checks the bounds; a channel may have only one value. */
    public ValueRange {
        low = List.copyOf(low);
        high = List.copyOf(high);
        if (low.isEmpty() || low.size() != high.size()) {
            throw new UsageException("A range needs the same number of low and high values, not %d and %d."
                    .formatted(low.size(), high.size()));
        }
        for (int i = 0; i < low.size(); i++) {
            if (!(low.get(i) <= high.get(i)
                    && Float.isFinite(low.get(i).floatValue())
                    && Float.isFinite(high.get(i).floatValue()))) {
                throw new UsageException(
                        "A range from %s to %s is not possible: use two finite values, the lower first."
                                .formatted(number(low.get(i)), number(high.get(i))));
            }
        }
    }

    /**
     * Creates a range of all channels.
     *
     * @param low the value that 0 stands for
     * @param high the value that 1 stands for, at least {@code low}
     */
    public static ValueRange of(double low, double high) {
        return new ValueRange(List.of(low), List.of(high));
    }

    /** Creates a range with a pair per channel. */
    static ValueRange of(double[] low, double[] high) {
        return new ValueRange(
                Arrays.stream(low).boxed().toList(), Arrays.stream(high).boxed().toList());
    }

    /**
     * Returns the range of a text that a document or a key has.
     *
     * @param text the text that {@link #stored} returned
     */
    public static ValueRange ofStored(Optional<String> text) {
        return text.map(ValueRange::parse).orElse(UNIT);
    }

    /** Returns the text for documents and keys, which omit the range [0,1]. */
    public Optional<String> stored() {
        return isUnit() ? Optional.empty() : Optional.of(text());
    }

    /**
     * Parses {@code LOW,HIGH}, or one such pair per channel, separated by {@code /}.
     *
     * @throws UsageException if the text is neither
     */
    public static ValueRange parse(String text) {
        var low = new ArrayList<Double>();
        var high = new ArrayList<Double>();
        for (var pair : text.split("/", -1)) {
            var ends = pair.split(",", -1);
            try {
                if (ends.length == 2) {
                    low.add(Double.valueOf(ends[0].strip()));
                    high.add(Double.valueOf(ends[1].strip()));
                    continue;
                }
            } catch (NumberFormatException e) {
                throw unreadable(text, e);
            }
            throw unreadable(text, null);
        }
        return new ValueRange(low, high);
    }

    private static UsageException unreadable(String text, @Nullable Throwable cause) {
        return new UsageException(
                "'%s' is not a range: use LOW,HIGH such as -1,1, a pair per channel such as 0,1/-5,5, data, or free."
                        .formatted(text),
                cause);
    }

    /** Returns whether values stay as they are. */
    public boolean isUnit() {
        return equals(UNIT);
    }

    /** Returns the number of pairs: 1 if all channels have the same. */
    public int channels() {
        return low.size();
    }

    /** Replaces a row of values of this range by values in [0,1]. */
    public void toUnit(Batch batch, int row) {
        change(batch, row, (value, least, width) -> width == 0 ? 0 : (value - least) / width);
    }

    /** Replaces a row of values in [0,1] by values of this range. */
    public void fromUnit(Batch batch, int row) {
        change(batch, row, FROM_UNIT);
    }

    private void change(Batch batch, int row, ValueChange change) {
        if (!isUnit()) {
            var values = new float[batch.rowSize()];
            batch.buffer().get(row * values.length, values);
            change(values, change);
            batch.buffer().put(row * values.length, values);
        }
    }

    /** Replaces the values of a point in [0,1] by values of this range. */
    public void fromUnit(float[] point) {
        change(point, FROM_UNIT);
    }

    /**
     * Replaces a gradient with respect to values of this range by the gradient with respect to the
     * point in [0,1].
     */
    public void scale(float[] gradient) {
        change(gradient, (value, least, width) -> width * value);
    }

    /** The change of a value of a channel. */
    private interface ValueChange {
        double of(double value, double least, double width);
    }

    private void change(float[] values, ValueChange change) {
        if (isUnit()) {
            return;
        }
        int area = values.length / channels();
        for (int channel = 0; channel < channels(); channel++) {
            double least = low.get(channel);
            double width = high.get(channel) - least;
            for (int i = channel * area; i < (channel + 1) * area; i++) {
                values[i] = (float) change.of(values[i], least, width);
            }
        }
    }

    /**
     * Returns a range that contains this one.
     *
     * @param share the extension at each end, as a share of a channel's width; rounded outwards to
     *     three digits of the width
     */
    ValueRange widened(double share) {
        var lowest = new double[channels()];
        var highest = new double[channels()];
        for (int i = 0; i < channels(); i++) {
            double width = high.get(i) - low.get(i);
            lowest[i] = low.get(i);
            highest[i] = high.get(i);
            if (width > 0) {
                int digits = 3 - (int) Math.floor(Math.log10(width));
                lowest[i] = rounded(low.get(i) - share * width, digits, true);
                highest[i] = rounded(high.get(i) + share * width, digits, false);
            }
        }
        return of(lowest, highest);
    }

    private static double rounded(double value, int digits, boolean down) {
        var mode = down ? RoundingMode.FLOOR : RoundingMode.CEILING;
        return new BigDecimal(value).setScale(digits, mode).doubleValue();
    }

    /** Returns the text that {@link #parse} reads. */
    public String text() {
        var text = new StringBuilder();
        for (int i = 0; i < channels(); i++) {
            text.append(i == 0 ? "" : "/")
                    .append(number(low.get(i)))
                    .append(',')
                    .append(number(high.get(i)));
        }
        return text.toString();
    }

    /** Returns the range for people: all pairs of a few channels, or their number. */
    @Override
    public String toString() {
        int most = 3;
        return channels() > most
                ? "the ranges of %d channels".formatted(channels())
                : Arrays.stream(text().split("/")).map("[%s]"::formatted).collect(Collectors.joining(" "));
    }

    private static String number(double value) {
        var text = Double.toString(value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
