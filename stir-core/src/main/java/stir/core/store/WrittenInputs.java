package stir.core.store;

import java.nio.file.Path;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.InputFacts;
import stir.core.inputs.Inputs;
import stir.core.io.arrays.NpyReader;

/**
 * Inputs of a file that {@link stir.core.io.arrays.NpyWriter} wrote. The file is opened once per
 * range that is read, so that thousands of searches may be held at once.
 *
 * @param facts its name in messages and the number of inputs
 * @param shape the shape of an input
 */
public record WrittenInputs(Path file, InputFacts facts, Shape shape) implements Inputs {
    /**
     * Opens the inputs of a file.
     *
     * @throws stir.api.DataException if the file is missing or not of that kind
     */
    public static WrittenInputs of(Path file) {
        try (var rows = NpyReader.openWritten(file)) {
            var facts = InputFacts.of(rows.source(), rows.count());
            return new WrittenInputs(file, facts, rows.rowShape());
        }
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
