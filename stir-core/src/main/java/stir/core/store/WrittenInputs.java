package stir.core.store;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.arrays.NpyReader;
import stir.core.inputs.Inputs;

import java.nio.file.Path;

/**
 * Inputs of a file that {@link stir.core.arrays.NpyWriter} wrote. It is open only while they are
 * read, so that thousands of searches may be at hand at once.
 *
 * @param file the file
 * @param source what it is called in messages
 * @param count how many inputs it has
 * @param shape of each
 */
public record WrittenInputs(Path file, String source, int count, Shape shape) implements Inputs {
    /**
     * The inputs of a file.
     *
     * @throws stir.api.DataException if it is not there, or not such a file any more
     */
    public static WrittenInputs of(Path file) {
        try (var rows = NpyReader.openWritten(file)) {
            return new WrittenInputs(file, rows.source(), rows.count(), rows.rowShape());
        }
    }

    @Override
    public void read(int index, Batch into, int row) {
        try (var rows = NpyReader.openWritten(file)) {
            rows.read(index, into, row);
        }
    }

    @Override
    public Batch read(int from, int number) {
        var batch = Batch.allocate(number, shape);
        try (var rows = NpyReader.openWritten(file)) {
            for (int i = 0; i < number; i++) {
                rows.read(from + i, batch, i);
            }
        }
        return batch;
    }
}
