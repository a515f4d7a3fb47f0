package stir.core.inputs;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.core.io.arrays.NpyReader;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/** Inputs of which a search leaves some elements as they are. */
record FixedInputs(Inputs all, NpyReader mask) implements DerivedInputs {
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
        var inputs = new FixedInputs(all, mask);
        if (!inputs.isShared() && !inputs.isPerInput()) {
            mask.close();
            throw new DataException(
                    "%s is not a mask of the inputs, which are %d of %s: give one of the shape of an input, or one per input."
                            .formatted(mask, all.total(), all.shape()),
                    Remedy.GIVE_FIXED);
        }
        for (int index = 0; index < all.count(); index++) {
            if (inputs.fixed(index).cardinality() == all.shape().size()) {
                mask.close();
                throw new DataException(
                        "%s keeps all of input %d (counting from 0) as it is: leave some elements to the search."
                                .formatted(mask.source(), index),
                        Remedy.GIVE_FIXED);
            }
        }
        return inputs;
    }

    private boolean isShared() {
        return fits(mask.shape());
    }

    private boolean isPerInput() {
        return mask.count() == all.total() && fits(mask.rowShape().dimensions());
    }

    /** Returns whether sizes are those of an input; a single channel may be left out. */
    private boolean fits(int[] sizes) {
        var shape = all.shape();
        boolean grey = shape.rank() == IMAGE_RANK && shape.dimension(0) == 1;
        return Arrays.equals(sizes, shape.dimensions())
                || (grey
                        && Arrays.equals(
                                sizes, new int[] {shape.dimension(1), shape.dimension(2)}));
    }

    @Override
    public boolean keepsElements() {
        return true;
    }

    @Override
    public BitSet fixed(int index) {
        var fixed = all.fixed(index);
        int size = all.shape().size();
        var values = new double[size];
        if (isShared()) {
            int rowSize = mask.rowShape().size();
            var row = new double[rowSize];
            for (int i = 0; i < mask.count(); i++) {
                mask.read(i, row);
                System.arraycopy(row, 0, values, i * rowSize, rowSize);
            }
        } else {
            mask.read(index, values);
        }
        for (int i = 0; i < size; i++) {
            if (values[i] != 0) {
                fixed.set(i);
            }
        }
        return fixed;
    }

    @Override
    public void read(int index, Batch into, int row) {
        all.read(index, into, row);
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        all.read(from, number, into, row);
    }
}
