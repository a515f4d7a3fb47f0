package stir.core.inputs;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.core.arrays.NpyReader;

import java.nio.file.Path;
import java.util.Arrays;

/** The rows of a {@code .npy} array, read from the file when they are asked for. */
final class ArrayInputs {
    private static final float ROUNDING = 1e-5f;

    private final NpyReader array;
    private final Shape shape;
    private final boolean channelsLast;

    private ArrayInputs(NpyReader array, Shape shape, boolean channelsLast) {
        this.array = array;
        this.shape = shape;
        this.channelsLast = channelsLast;
    }

    static Inputs open(Path file, boolean bounded) {
        var array = NpyReader.open(file);
        try {
            var inputs = of(array);
            inputs.check(bounded);
            return Inputs.of(array.source(), array.count(), inputs.shape, inputs::read);
        } catch (DataException e) {
            array.close();
            throw e;
        }
    }

    private static ArrayInputs of(NpyReader array) {
        int[] dimensions = array.shape();
        if (Arrays.stream(dimensions).anyMatch(dimension -> dimension == 0)) {
            throw new DataException(array.source() + " holds no inputs: its shape has a 0.");
        }
        return switch (dimensions.length) {
            case 2 -> new ArrayInputs(array, array.rowShape(), false);
            case 3 -> new ArrayInputs(array, Shape.of(1, dimensions[1], dimensions[2]), false);
            case 4 -> images(array, dimensions);
            default ->
                    throw new DataException(
                            array
                                    + " is no set of inputs: its shape must be N x length, N x H x W, N x C x H x W or N x H x W x C.");
        };
    }

    private static ArrayInputs images(NpyReader array, int[] dimensions) {
        if (isChannels(dimensions[1])) {
            return new ArrayInputs(array, array.rowShape(), false);
        }
        if (isChannels(dimensions[3])) {
            return new ArrayInputs(
                    array, Shape.of(dimensions[3], dimensions[1], dimensions[2]), true);
        }
        throw new DataException(
                array + " has neither 1 nor 3 channels as its second or last dimension.");
    }

    private static boolean isChannels(int dimension) {
        return dimension == 1 || dimension == 3;
    }

    private void check(boolean bounded) {
        double lowest = 0;
        double highest = 0;
        var values = new double[shape.size()];
        for (int index = 0; index < array.count(); index++) {
            readValues(index, values);
            for (double value : values) {
                if (!Double.isFinite(value)) {
                    throw new DataException(
                            "%s holds NaN or an infinite value in input %d (counting from 0): remove or mend that input."
                                    .formatted(array.source(), index));
                }
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
            }
        }
        if (bounded && (lowest < -ROUNDING || highest > 1 + ROUNDING)) {
            throw new DataException(
                    "%s holds values from %s to %s, but inputs lie in [0,1]: divide pixels by 255, and give mean and standard deviation as options of the model."
                            .formatted(array.source(), (float) lowest, (float) highest));
        }
    }

    private void readValues(int index, double[] values) {
        array.read(index, values);
        if (array.isUnsignedByte()) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= 255;
            }
        }
    }

    private void read(int index, Batch into, int row) {
        if (!channelsLast && !array.isUnsignedByte()) {
            array.read(index, into, row);
            return;
        }
        var values = new double[shape.size()];
        readValues(index, values);
        int channels = channelsLast ? shape.dimension(0) : 1;
        int pixels = values.length / channels;
        for (int pixel = 0; pixel < pixels; pixel++) {
            for (int channel = 0; channel < channels; channel++) {
                into.set(row, channel * pixels + pixel, (float) values[pixel * channels + channel]);
            }
        }
    }
}
