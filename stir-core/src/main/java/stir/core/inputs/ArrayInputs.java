package stir.core.inputs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.UsageException;
import stir.api.support.WholeNumbers;
import stir.core.io.arrays.NpyReader;

/** A {@code .npy} array, whose rows are read on demand. */
final class ArrayInputs implements Inputs {
    private static final float ROUNDING = 1e-5f;
    private static final int NO_LABEL = -1;
    private static final String USUAL = "array";
    private static final String LENGTHS = "lengths";
    private static final String MASK = "mask";
    private static final int SEQUENCE_DIMENSIONS = 3;

    private final NpyReader array;
    private final Shape shape;
    private final boolean channelsLast;
    private InputFacts facts;

    private ArrayInputs(NpyReader array, Shape shape, boolean channelsLast) {
        this.array = array;
        this.shape = shape;
        this.channelsLast = channelsLast;
        this.facts = InputFacts.of(array.source(), array.count());
    }

    static Inputs open(Path file, Optional<String> name, boolean bounded) {
        if (!NpyReader.isArchive(file)) {
            return open(NpyReader.open(file), bounded);
        }
        var arrays = NpyReader.arrays(file);
        var chosen = name.orElseGet(() -> chosen(file, arrays));
        var inputs = open(NpyReader.open(file, chosen), bounded);
        try {
            var labels = labels(file, chosen, arrays, inputs.count());
            var lengths = lengths(file, chosen, arrays, inputs)
                    .map(known -> Lengths.of(inputs.array.source(), inputs.shape, known))
                    .orElse(Lengths.NONE);
            inputs.facts = inputs.facts
                    .withLabels(index -> index < labels.length && labels[index] != NO_LABEL
                            ? OptionalInt.of(labels[index])
                            : OptionalInt.empty())
                    .withLengths(lengths);
            return inputs;
        } catch (StirException e) {
            inputs.array.close();
            throw e;
        }
    }

    private static ArrayInputs open(NpyReader array, boolean bounded) {
        try {
            var inputs = of(array, bounded);
            inputs.check(bounded);
            return inputs;
        } catch (DataException e) {
            array.close();
            throw e;
        }
    }

    /**
     * Returns the only array that can hold inputs: one with a single value per input holds labels,
     * and a mask next to another array holds lengths.
     */
    private static String chosen(Path file, Map<String, List<Integer>> arrays) {
        var possible = arrays.entrySet().stream()
                .filter(one -> one.getValue().size() > 1)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(ArrayList::new));
        if (possible.size() > 1) {
            possible.remove(MASK);
        }
        if (possible.size() == 1) {
            return possible.get(0);
        }
        if (arrays.containsKey(USUAL)) {
            return USUAL;
        }
        throw new UsageException(
                "%s has %s: specify the array with the inputs."
                        .formatted(
                                file,
                                arrays.isEmpty()
                                        ? "no array of numbers that could be read"
                                        : "the arrays " + String.join(", ", arrays.keySet())),
                Remedy.NAME_ARRAY);
    }

    /**
     * Reads the labels of an array: the first of {@code y_test} (for x_test), {@code labels} and
     * {@code y} that has one per input.
     */
    private static int[] labels(Path file, String inputs, Map<String, List<Integer>> arrays, int count) {
        Optional<String> other = Optional.empty();
        for (var name : List.of(inputs.replaceFirst("^x", "y"), "labels", "label", "y")) {
            var dimensions = arrays.getOrDefault(name, List.of());
            if (name.equals(inputs) || dimensions.size() != 1) {
                continue;
            }
            if (dimensions.get(0) == count) {
                try (var reader = NpyReader.open(file, name)) {
                    return Arrays.stream(reader.values())
                            .mapToInt(ArrayInputs::label)
                            .toArray();
                }
            }
            if (other.isEmpty()) {
                other = Optional.of(
                        "%s has %d labels in '%s', but %d inputs in '%s': save one label per input, or remove the labels."
                                .formatted(file, dimensions.get(0), name, count, inputs));
            }
        }
        if (other.isPresent()) {
            throw new DataException(other.get());
        }
        return new int[0];
    }

    /**
     * Reads the lengths of sequences: the array {@code lengths}, or a {@code mask} of all positions
     * that begins with ones and ends with zeros; if there are two, they must agree. Images and
     * volumes have neither; lengths that are impossible for them are a sign of a wrong file.
     */
    private static Optional<int[]> lengths(
            Path file, String inputs, Map<String, List<Integer>> arrays, ArrayInputs all) {
        var sizes = all.array.shape();
        boolean areSequences = sizes.length <= SEQUENCE_DIMENSIONS;
        Optional<int[]> stated = Optional.empty();
        if (arrays.containsKey(LENGTHS) && !inputs.equals(LENGTHS)) {
            int longest = Arrays.stream(sizes)
                    .skip(1)
                    .limit(areSequences ? 1 : sizes.length)
                    .max()
                    .orElse(0);
            stated = Optional.of(stated(file, arrays.get(LENGTHS), all.count(), longest));
        }
        var dimensions = arrays.getOrDefault(MASK, List.of());
        if (!areSequences || dimensions.size() != 2 || inputs.equals(MASK)) {
            return stated.filter(lengths -> areSequences);
        }
        var masked = masked(file, dimensions, sizes);
        if (stated.isPresent() && !Arrays.equals(stated.get(), masked)) {
            throw new DataException(
                    "%s has 'lengths' and a 'mask' with different lengths: remove the wrong one.".formatted(file));
        }
        return Optional.of(masked);
    }

    private static int[] stated(Path file, List<Integer> dimensions, int count, int longest) {
        try (var reader = NpyReader.open(file, LENGTHS)) {
            var lengths =
                    Arrays.stream(reader.values()).mapToInt(ArrayInputs::label).toArray();
            if (dimensions.equals(List.of(count))
                    && Arrays.stream(lengths).allMatch(l -> l != NO_LABEL && l <= longest)) {
                return lengths;
            }
        }
        throw new DataException(
                "%s has 'lengths' that are not one integer from 0 to %d for each of its %d inputs: correct or remove that array."
                        .formatted(file, longest, count));
    }

    private static int[] masked(Path file, List<Integer> dimensions, int[] sizes) {
        int positions = sizes[1];
        var lengths = new int[sizes[0]];
        try (var reader = NpyReader.open(file, MASK)) {
            var values = reader.values();
            boolean isMask = dimensions.equals(List.of(sizes[0], positions));
            for (int i = 0; isMask && i < values.length; i++) {
                boolean isOne = values[i] == 1 && lengths[i / positions]++ == i % positions;
                isMask = isOne || values[i] == 0;
            }
            if (!isMask) {
                throw new DataException(
                        "%s has a 'mask' that is not %d x %d ones, followed by zeros: correct or remove that array."
                                .formatted(file, sizes[0], positions));
            }
        }
        return lengths;
    }

    private static int label(double value) {
        return value >= 0 && value < Integer.MAX_VALUE && value == Math.rint(value) ? (int) value : NO_LABEL;
    }

    @Override
    public InputFacts facts() {
        return facts;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    private static ArrayInputs of(NpyReader array, boolean bounded) {
        if (bounded && array.isOtherInteger()) {
            throw new DataException(
                    "%s contains integers that are not bytes (uint8): save inputs as float32, or as bytes, which are divided by 255; for token ids, specify the range."
                            .formatted(array.source()),
                    Remedy.NAME_RANGE);
        }
        int[] dimensions = array.shape();
        if (Arrays.stream(dimensions).anyMatch(dimension -> dimension == 0)) {
            throw new DataException(array.source() + " contains no inputs: its shape has a 0.");
        }
        return switch (dimensions.length) {
            case 2, 5 -> new ArrayInputs(array, array.rowShape(), false);
            case 3 -> new ArrayInputs(array, Shape.of(1, dimensions[1], dimensions[2]), false);
            case 4 -> images(array, dimensions);
            default ->
                throw new DataException(
                        array
                                + " is not a set of inputs: its shape must be N x length, N x H x W (or any other two sizes), N x C x H x W, N x H x W x C or N x any four sizes.");
        };
    }

    private static ArrayInputs images(NpyReader array, int[] dimensions) {
        if (!isChannels(dimensions[1]) && isChannels(dimensions[3])) {
            return new ArrayInputs(array, Shape.of(dimensions[3], dimensions[1], dimensions[2]), true);
        }
        return new ArrayInputs(array, array.rowShape(), false);
    }

    private static boolean isChannels(int dimension) {
        return dimension == 1 || dimension == 3;
    }

    private void check(boolean bounded) {
        double lowest = 0;
        double highest = 0;
        var values = new double[shape.size()];
        boolean areWhole = array.isOtherInteger();
        for (int index = 0; index < array.count(); index++) {
            readValues(index, values);
            for (double value : values) {
                if (areWhole && Math.abs(value) > WholeNumbers.LARGEST) {
                    throw new DataException("%s contains %s in input %d (counting from 0): use integers up to %d."
                            .formatted(array.source(), value, index, WholeNumbers.LARGEST));
                }
                if (!Double.isFinite(value)) {
                    throw new DataException(
                            "%s contains NaN or an infinite value in input %d (counting from 0): remove or fix that input."
                                    .formatted(array.source(), index));
                }
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
            }
        }
        if (bounded && (lowest < -ROUNDING || highest > 1 + ROUNDING)) {
            throw new DataException(
                    "%s contains values from %s to %s, but inputs lie in [0,1]: divide pixels by 255 and specify the normalisation of the model, or specify the range of other data."
                            .formatted(array.source(), (float) lowest, (float) highest),
                    Remedy.NAME_NORMALISATION,
                    Remedy.NAME_RANGE);
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

    @Override
    public void read(int index, Batch into, int row) {
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
