package stir.core.inputs;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.StirException;
import stir.core.io.arrays.NpyReader;

/**
 * Inputs with elements that a search does not change.
 *
 * @param all the inputs
 * @param facts their facts, with a mask
 */
record FixedInputs(Inputs all, InputFacts facts) implements DerivedInputs {
    private static final int IMAGE_RANK = 3;

    /**
     * Opens a mask.
     *
     * @param file an array in which elements that stay are not 0: of the shape of one input, or
     *     with one such row per input
     * @throws DataException if it has another shape, or leaves nothing to be searched
     */
    static Inputs of(Inputs all, Path file) {
        var mask = NpyReader.open(file);
        try {
            var inputs = new FixedInputs(all, all.facts().withMask(masks(all, mask)));
            for (int index = 0; index < all.count(); index++) {
                if (inputs.facts.fixed(index).cardinality() == all.shape().size()) {
                    throw new DataException(
                            "%s fixes every element of input %d (counting from 0): leave at least one free."
                                    .formatted(mask.source(), index),
                            Remedy.GIVE_FIXED);
                }
            }
            return inputs;
        } catch (StirException e) {
            mask.close();
            throw e;
        }
    }

    private static IntFunction<BitSet> masks(Inputs all, NpyReader mask) {
        var shape = all.shape();
        if (fits(mask.shape(), shape)) {
            try (mask) {
                var shared = elements(mask.values());
                return unused -> shared;
            }
        }
        if (mask.count() == all.count() && fits(mask.rowShape().dimensions(), shape)) {
            return index -> {
                var values = new double[shape.size()];
                mask.read(index, values);
                return elements(values);
            };
        }
        throw new DataException(
                "%s is not a mask of the inputs, which are %d of %s: use a mask of the shape of an input, or one per input."
                        .formatted(mask, all.count(), shape),
                Remedy.GIVE_FIXED);
    }

    /** Returns whether dimensions match an input's; a single channel may be omitted. */
    private static boolean fits(int[] sizes, Shape shape) {
        boolean grey = shape.rank() == IMAGE_RANK && shape.dimension(0) == 1;
        return Arrays.equals(sizes, shape.dimensions())
                || (grey && Arrays.equals(sizes, new int[] {shape.dimension(1), shape.dimension(2)}));
    }

    private static BitSet elements(double[] mask) {
        var elements = new BitSet();
        for (int i = 0; i < mask.length; i++) {
            elements.set(i, mask[i] != 0);
        }
        return elements;
    }
}
