package stir.core.inputs;

import stir.api.UsageException;

/**
 * The choice of a {@link ValueRange} for inputs.
 *
 * @since 0.1.0
 */
public sealed interface RangeChoice {
    /** The inputs' own range of each channel, a tenth of its width wider at each end. */
    RangeChoice DATA = new OfData(0.1);

    /** The inputs' own range of each channel, its whole width wider at each end. */
    RangeChoice FREE = new OfData(1);

    /**
     * A given range.
     *
     * @param range all inputs must lie in it
     */
    record Given(ValueRange range) implements RangeChoice {}

    /**
     * The inputs' own range of each channel. A channel with a single value keeps it.
     *
     * @param share the extension at each end, as a share of the width
     */
    record OfData(double share) implements RangeChoice {}

    /**
     * Parses {@code data}, {@code free}, or what {@link ValueRange#parse} reads.
     *
     * @throws UsageException if the text is none of them, or a pair has no width
     */
    static RangeChoice parse(String text) {
        return switch (text) {
            case "data" -> DATA;
            case "free" -> FREE;
            default -> {
                var range = ValueRange.parse(text);
                for (int i = 0; i < range.channels(); i++) {
                    if (range.low().get(i).equals(range.high().get(i))) {
                        throw new UsageException(
                                "The range %s contains a single value: use two different values.".formatted(text));
                    }
                }
                yield new Given(range);
            }
        };
    }
}
