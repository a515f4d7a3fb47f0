package stir.core.inputs;

import java.util.Arrays;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;

/** Inputs whose values have a range, read as values in [0,1]. */
record RangedInputs(Inputs all, ValueRange range) implements DerivedInputs {
    private static final double ROUNDING = 1e-5;

    /** Checks that the range has one pair, or one pair per channel of the inputs. */
    RangedInputs {
        int channels = channels(all.shape());
        if (range.channels() != 1 && range.channels() != channels) {
            throw new UsageException(
                    "The range has %d pairs, but the inputs of %s have %d channels (each value of a vector is one): use one pair, or one per channel."
                            .formatted(range.channels(), all.facts().source(), channels),
                    Remedy.NAME_RANGE);
        }
    }

    /**
     * Returns inputs of a chosen range.
     *
     * @throws DataException if a value lies outside a given range
     */
    static Inputs of(Inputs all, RangeChoice choice) {
        if (choice instanceof RangeChoice.OfData data) {
            return new RangedInputs(all, measuredRange(all).widened(data.share()));
        }
        var range = ((RangeChoice.Given) choice).range();
        var inputs = new RangedInputs(all, range);
        var measured = measuredRange(all);
        for (int i = 0; i < measured.channels(); i++) {
            double low = range.low().get(range.channels() == 1 ? 0 : i);
            double high = range.high().get(range.channels() == 1 ? 0 : i);
            double rounding = ROUNDING * (high - low);
            if (measured.low().get(i) < low - rounding || measured.high().get(i) > high + rounding) {
                throw new DataException(
                        "%s contains values from %s to %s%s, outside the range from %s to %s: use a wider range."
                                .formatted(
                                        all.facts().source(),
                                        measured.low().get(i).floatValue(),
                                        measured.high().get(i).floatValue(),
                                        measured.channels() == 1 ? "" : " in channel " + i,
                                        low,
                                        high),
                        Remedy.NAME_RANGE);
            }
        }
        return range.isUnit() ? all : inputs;
    }

    private static int channels(Shape shape) {
        return shape.rank() == 1 ? shape.size() : shape.dimension(0);
    }

    /** Returns the lowest and the highest value of each channel. */
    private static ValueRange measuredRange(Inputs all) {
        int channels = channels(all.shape());
        var low = new double[channels];
        var high = new double[channels];
        Arrays.fill(low, Double.POSITIVE_INFINITY);
        Arrays.fill(high, Double.NEGATIVE_INFINITY);
        var row = Batch.allocate(1, all.shape());
        int area = row.rowSize() / channels;
        for (int index = 0; index < all.count(); index++) {
            all.read(index, row, 0);
            for (int i = 0; i < row.rowSize(); i++) {
                if (!Float.isFinite(row.get(0, i))) {
                    throw new DataException(
                            "%s contains NaN or an infinite value in input %d (counting from 0): remove or fix that input."
                                    .formatted(all.facts().source(), index));
                }
                low[i / area] = Math.min(low[i / area], row.get(0, i));
                high[i / area] = Math.max(high[i / area], row.get(0, i));
            }
        }
        return ValueRange.of(low, high);
    }

    @Override
    public InputFacts facts() {
        return all.facts().withRange(range);
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        all.read(from, number, into, row);
        for (int i = 0; i < number; i++) {
            range.toUnit(into, row + i);
        }
    }
}
