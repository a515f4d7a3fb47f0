package stir.core.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import stir.core.inversion.search.RowLayout;

/**
 * The block of each input, and a cache of the blocks that were read last: rows can be read in the
 * order of inputs with memory for a few blocks.
 */
final class BlockRows {
    private static final int NOWHERE = -1;
    private static final int MOST_BLOCKS = 8;

    private final int[] blocks;
    private final Map<Integer, Map<Integer, float[]>> loaded;

    BlockRows(RowLayout layout) {
        blocks = new int[layout.count()];
        Arrays.fill(blocks, NOWHERE);
        loaded = new LinkedHashMap<>(MOST_BLOCKS, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Integer, Map<Integer, float[]>> eldest) {
                return size() > MOST_BLOCKS;
            }
        };
    }

    /** Records the block of an input; of several blocks, which hold the same row, the first. */
    void note(int index, int block) {
        if (blocks[index] == NOWHERE) {
            blocks[index] = block;
        }
    }

    /** Returns the number of inputs without a block. */
    int missing() {
        return (int) Arrays.stream(blocks).filter(block -> block == NOWHERE).count();
    }

    /** Reads all values of a block. */
    @FunctionalInterface
    interface Loader {
        /** Returns the values of each input in a block. */
        Map<Integer, float[]> load(int block) throws IOException;
    }

    /** Returns the values of an input. */
    float[] read(int index, Loader loader) throws IOException {
        int block = blocks[index];
        var values = loaded.get(block);
        if (values == null) {
            values = loader.load(block);
            loaded.put(block, values);
        }
        var row = values.get(index);
        if (row == null) {
            throw new IOException("rows that were saved can't be read any more");
        }
        return row;
    }
}
