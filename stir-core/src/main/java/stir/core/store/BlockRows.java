package stir.core.store;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which block of rows holds an input, and the values of the blocks that were read last, so that
 * rows can be read in the order of inputs with memory for some blocks alone.
 */
final class BlockRows {
    private static final int NOWHERE = -1;
    private static final int MOST_BLOCKS = 8;

    private final int[] blocks;
    private final Map<Integer, Map<Integer, float[]>> loaded;

    BlockRows(RowLayout layout) {
        blocks = new int[layout.count()];
        Arrays.fill(blocks, NOWHERE);
        loaded =
                new LinkedHashMap<>(MOST_BLOCKS, 0.75f, true) {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(
                            Map.Entry<Integer, Map<Integer, float[]>> eldest) {
                        return size() > MOST_BLOCKS;
                    }
                };
    }

    /** Notes where an input is; of several places, which hold the same, the first. */
    void note(int index, int block) {
        if (blocks[index] == NOWHERE) {
            blocks[index] = block;
        }
    }

    /** How many inputs are nowhere. */
    int missing() {
        return (int) Arrays.stream(blocks).filter(block -> block == NOWHERE).count();
    }

    /** Reads all values of a block. */
    @FunctionalInterface
    interface Loader {
        /** The values of each input in a block. */
        Map<Integer, float[]> load(int block) throws IOException;
    }

    /** The values of an input. */
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
