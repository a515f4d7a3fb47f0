package stir.core.inversion.search;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import stir.api.DataException;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.TracePoint;
import stir.core.math.statistics.Summary;

/** The outcomes of all inputs of a search; each is set once, by any thread. */
public final class RowOutcomes {
    private static final String HEADER = "index,residual,passes,moved,moved_at_least,restarts,distance_from_input";

    /** The number of columns before the trace. */
    private static final int TRACE = HEADER.split(",").length;

    private static final RowOutcome UNKNOWN = new RowOutcome(0, 0, 0, Double.NaN);
    private final List<RowOutcome> outcomes;
    private final CheckpointSchedule schedule;

    /** Creates outcomes that are unknown yet. */
    public RowOutcomes(RowLayout layout) {
        outcomes = new ArrayList<>(Collections.nCopies(layout.count(), UNKNOWN));
        schedule = layout.schedule();
    }

    /** Returns the number of inputs. */
    public int count() {
        return outcomes.size();
    }

    /** Sets the outcome of an input. */
    public void set(int index, RowOutcome outcome) {
        if (outcome.trace().size() != schedule.count()) {
            throw new IllegalArgumentException("A trace has a residual for each checkpoint");
        }
        outcomes.set(index, outcome);
    }

    /** Returns the outcome of an input. */
    public RowOutcome get(int index) {
        return outcomes.get(index);
    }

    /** Returns the inversion of these outcomes and their pixels; no outcome is set after it. */
    public Inversion with(Inputs pixels, RunMetadata metadata) {
        var rows = outcomes.stream().map(RowOutcome::row).toList();
        return new Inversion(pixels, rows, trace(), metadata.fakeRelu());
    }

    /** Returns the residuals over all inputs at each checkpoint. */
    public List<TracePoint> trace() {
        var points = new ArrayList<TracePoint>();
        for (int i = 0; i < schedule.count(); i++) {
            int checkpoint = i;
            var all = each(outcome -> outcome.trace().at(checkpoint)).toArray();
            Summary.of(all)
                    .map(summary -> new TracePoint(schedule.passes(checkpoint), summary))
                    .ifPresent(points::add);
        }
        return points;
    }

    /** Returns the residuals at the end, over all inputs; empty if there are none. */
    public Optional<Summary> residual() {
        return Summary.of(each(outcome -> outcome.row().residual()).toArray());
    }

    /** Returns the known distances from the inputs; empty if there are none. */
    public Optional<Summary> distance() {
        return Summary.of(each(outcome -> outcome.row().distance())
                .filter(distance -> !Double.isNaN(distance))
                .toArray());
    }

    private DoubleStream each(ToDoubleFunction<RowOutcome> value) {
        return outcomes.stream().mapToDouble(value);
    }

    /**
     * Writes a table of comma-separated values, with all digits. Columns {@code after_N} hold the
     * residual of the best invariant input after N passes. Unknown values are empty.
     */
    public void write(OutputStream out) throws IOException {
        var text = new StringBuilder(HEADER);
        for (int i = 0; i < schedule.count(); i++) {
            text.append(",after_").append(schedule.passes(i));
        }
        for (int i = 0; i < count(); i++) {
            var outcome = get(i);
            var row = outcome.row();
            text.append("\r\n%d,%s,%d,%s,%s,%d,%s"
                    .formatted(
                            i,
                            row.residual(),
                            row.passes(),
                            row.moved(),
                            cell(row.movedAtLeast()),
                            row.restarts(),
                            cell(row.distance())));
            for (int at = 0; at < schedule.count(); at++) {
                text.append(',').append(outcome.trace().at(at));
            }
            out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
            text.setLength(0);
        }
        out.write(text.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    private static double parsed(String cell) {
        return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
    }

    /**
     * Reads a table whose hash is right.
     *
     * @throws DataException if it is of another number of inputs or checkpoints
     */
    public static RowOutcomes read(Path file, RowLayout layout) throws IOException {
        var outcomes = new RowOutcomes(layout);
        int count = layout.count();
        try (var lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            lines.readLine(); // the header
            for (int i = 0; i < count; i++) {
                var line = lines.readLine();
                var cells = line == null ? new String[0] : line.split(",", -1);
                if (cells.length != TRACE + layout.schedule().count()) {
                    throw new DataException(
                            "%s is of another search, or ends before input %d: remove the folder to compute its rows again."
                                    .formatted(file, i));
                }
                try {
                    outcomes.set(i, outcome(cells));
                } catch (IllegalArgumentException e) {
                    throw new DataException(
                            "%s:%d: a cell does not contain what a search writes: remove the folder to compute its rows again."
                                    .formatted(file, i + 2),
                            e);
                }
            }
        }
        return outcomes;
    }

    private static RowOutcome outcome(String[] cells) {
        return new RowOutcome(
                new Inversion.Row(
                        Double.parseDouble(cells[1]),
                        Integer.parseInt(cells[2]),
                        Double.parseDouble(cells[3]),
                        parsed(cells[4]),
                        Integer.parseInt(cells[5]),
                        parsed(cells[6])),
                parsedTrace(cells));
    }

    private static ConvergenceTrace parsedTrace(String[] cells) {
        var residuals = new float[cells.length - TRACE];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = Float.parseFloat(cells[TRACE + i]);
        }
        return ConvergenceTrace.of(residuals);
    }
}
