package stir.core.store;

import stir.api.DataException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The outcomes of all inputs as comma-separated values, which say them exactly. Columns {@code
 * after-N} hold the residual of the best invariant input after N passes. What is not known is
 * empty.
 */
final class RowTable {
    private static final String HEADER = "index,residual,passes,moved,moved-at-least,restarts";

    /** The cells before those of the course. */
    private static final int OUTCOME = 6;

    private RowTable() {}

    static void write(RowOutcomes outcomes, OutputStream out) throws IOException {
        var milestones = outcomes.milestones();
        var text = new StringBuilder(HEADER);
        for (int i = 0; i < milestones.count(); i++) {
            text.append(",after-").append(milestones.passes(i));
        }
        for (int i = 0; i < outcomes.count(); i++) {
            var outcome = outcomes.get(i);
            text.append(
                    "\r\n%d,%s,%d,%s,%s,%d"
                            .formatted(
                                    i,
                                    outcome.residual(),
                                    outcome.passes(),
                                    outcome.moved(),
                                    cell(outcome.movedAtLeast()),
                                    outcome.restarts()));
            for (int at = 0; at < milestones.count(); at++) {
                text.append(',').append(outcome.course().at(at));
            }
            out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
            text.setLength(0);
        }
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    /**
     * Reads a table whose hash is right.
     *
     * @throws DataException if it is of another number of inputs or milestones
     */
    static RowOutcomes read(Path file, RowLayout layout) throws IOException {
        var outcomes = new RowOutcomes(layout);
        int count = layout.count();
        try (var lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            lines.readLine();
            for (int i = 0; i < count; i++) {
                var line = lines.readLine();
                var cells = line == null ? new String[0] : line.split(",", -1);
                if (cells.length != OUTCOME + layout.milestones().count()) {
                    throw new DataException(
                            "%s is of another search, or ends before input %d: remove the folder, so that its rows are found again."
                                    .formatted(file, i));
                }
                outcomes.set(
                        i,
                        new RowOutcome(
                                Double.parseDouble(cells[1]),
                                Integer.parseInt(cells[2]),
                                Double.parseDouble(cells[3]),
                                cells[4].isEmpty() ? Double.NaN : Double.parseDouble(cells[4]),
                                Integer.parseInt(cells[5]),
                                course(cells)));
            }
        }
        return outcomes;
    }

    private static Course course(String[] cells) {
        var residuals = new float[cells.length - OUTCOME];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = Float.parseFloat(cells[OUTCOME + i]);
        }
        return Course.of(residuals);
    }
}
