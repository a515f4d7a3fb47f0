package stir.core.store;

import stir.api.DataException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The outcomes of all inputs as comma-separated values, which say them exactly. */
final class RowTable {
    private static final String HEADER = "index,residual,passes,moved";

    private RowTable() {}

    static void write(RowOutcomes outcomes, OutputStream out) throws IOException {
        out.write((HEADER + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < outcomes.count(); i++) {
            var outcome = outcomes.get(i);
            out.write(
                    "%d,%s,%d,%s\r\n"
                            .formatted(i, outcome.residual(), outcome.passes(), outcome.moved())
                            .getBytes(StandardCharsets.US_ASCII));
        }
    }

    /**
     * Reads a table whose hash is right.
     *
     * @throws DataException if it is of another number of inputs
     */
    static RowOutcomes read(Path file, int count) throws IOException {
        var outcomes = new RowOutcomes(count);
        try (var lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            lines.readLine();
            for (int i = 0; i < count; i++) {
                var line = lines.readLine();
                if (line == null) {
                    throw new DataException(
                            "%s ends before input %d: remove the folder, so that its rows are found again."
                                    .formatted(file, i));
                }
                var cells = line.split(",", -1);
                outcomes.set(
                        i,
                        new RowOutcome(
                                Double.parseDouble(cells[1]),
                                Integer.parseInt(cells[2]),
                                Double.parseDouble(cells[3])));
            }
        }
        return outcomes;
    }
}
