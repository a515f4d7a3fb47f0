package stir.core.inputs;

import stir.api.DataException;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * Sequences of different lengths in arrays of one length. A search leaves the positions after the
 * end of each as they are, and nothing counts them.
 */
@SuppressWarnings("ArrayRecordComponent") // not compared
record PaddedInputs(Inputs all, int[] lengths) implements DerivedInputs {
    /**
     * Creates padded inputs.
     *
     * @param all vectors of positions, or 1 x positions x features
     * @param lengths the number of positions of each input
     * @throws DataException if a length is not possible
     */
    static Inputs of(Inputs all, int[] lengths) {
        var padded = new PaddedInputs(all, lengths);
        int most = padded.positions();
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 1 || lengths[i] > most) {
                throw new DataException(
                        "%s has the length %d for input %d (counting from 0), but its inputs have %d positions: use lengths from 1 to %d."
                                .formatted(all.source(), lengths[i], i, most, most));
            }
        }
        return padded;
    }

    @Override
    public int positions() {
        var shape = all.shape();
        return shape.dimension(shape.rank() == 1 ? 0 : 1);
    }

    @Override
    public OptionalInt length(int index) {
        return OptionalInt.of(lengths[index]);
    }

    @Override
    public boolean keepsElements() {
        return true;
    }

    @Override
    public BitSet fixed(int index) {
        var fixed = all.fixed(index);
        fixed.or(padding(index));
        return fixed;
    }
}
