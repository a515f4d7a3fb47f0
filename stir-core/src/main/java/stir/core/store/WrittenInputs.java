package stir.core.store;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.InputFacts;
import stir.core.inputs.Inputs;
import stir.core.io.arrays.NpyReader;

import java.nio.file.Path;

/**
 * Inputs of a file that {@link stir.core.io.arrays.NpyWriter} wrote. The file is opened once per
 * range that is read, so that thousands of searches may be held at once.
 *
 * @param source its name in messages
 * @param count the number of inputs
 * @param shape the shape of an input
 */
public record WrittenInputs(Path file, String source, int count, Shape shape) implements Inputs {
    /**
     * Opens the inputs of a file.
     *
     * @throws stir.api.DataException if the file is missing or not of that kind
     */
    public static WrittenInputs of(Path file) {
        try (var rows = NpyReader.openWritten(file)) {
            return new WrittenInputs(file, rows.source(), rows.count(), rows.rowShape());
        }
    }

    @Override
    public InputFacts facts() {
        return InputFacts.of(source, count);
    }

    @Override
    public void read(int index, Batch into, int row) {
        read(index, 1, into, row);
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        try (var rows = NpyReader.openWritten(file)) {
            for (int i = 0; i < number; i++) {
                rows.read(from + i, into, row + i);
            }
        }
    }
}
