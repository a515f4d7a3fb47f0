package stir.core.inversion.search;

import stir.api.DataException;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.TracePoint;
import stir.core.math.statistics.Summary;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The outcomes of all inputs of a search; each is set once, by any thread. */
public final class RowOutcomes {
    private static final String DISTANCE = "distance-from-input";
    private static final String HEADER =
            "index,residual,passes,moved,moved-at-least,restarts," + DISTANCE;

    private final double[] residuals;
    private final int[] passes;
    private final double[] moved;
    private final double[] movedAtLeast;
    private final int[] restarts;
    private final double[] distances;
    private final ConvergenceTrace[] traces;
    private final CheckpointSchedule schedule;

    /** Creates outcomes that are unknown yet. */
    public RowOutcomes(RowLayout layout) {
        int count = layout.count();
        residuals = new double[count];
        passes = new int[count];
        moved = new double[count];
        movedAtLeast = new double[count];
        restarts = new int[count];
        distances = new double[count];
        Arrays.fill(distances, Double.NaN);
        traces = new ConvergenceTrace[count];
        Arrays.fill(traces, ConvergenceTrace.NONE);
        schedule = layout.schedule();
    }

    /** Returns the number of inputs. */
    public int count() {
        return residuals.length;
    }

    /** Sets the outcome of an input. */
    public void set(int index, RowOutcome outcome) {
        if (outcome.trace().size() != schedule.count()) {
            throw new IllegalArgumentException("A trace has a residual for each checkpoint");
        }
        residuals[index] = outcome.residual();
        passes[index] = outcome.passes();
        moved[index] = outcome.moved();
        movedAtLeast[index] = outcome.movedAtLeast();
        restarts[index] = outcome.restarts();
        distances[index] = outcome.distance();
        traces[index] = outcome.trace();
    }

    /** Returns the outcome of an input. */
    public RowOutcome get(int index) {
        return new RowOutcome(
                residuals[index],
                passes[index],
                moved[index],
                movedAtLeast[index],
                restarts[index],
                distances[index],
                traces[index]);
    }

    /** Returns the inversion of these outcomes and their pixels; no outcome is set after it. */
    public Inversion with(Inputs pixels, RunMetadata metadata) {
        return new Inversion(
                pixels,
                residuals,
                passes,
                moved,
                movedAtLeast,
                restarts,
                distances,
                trace(),
                metadata.fakeRelu());
    }

    /** Returns the residuals over all inputs at each checkpoint. */
    public List<TracePoint> trace() {
        var points = new ArrayList<TracePoint>();
        for (int i = 0; i < schedule.count(); i++) {
            int checkpoint = i;
            var all = Arrays.stream(traces).mapToDouble(trace -> trace.at(checkpoint)).toArray();
            Summary.of(all)
                    .map(found -> new TracePoint(schedule.passes(checkpoint), found))
                    .ifPresent(points::add);
        }
        return points;
    }

    /** Returns the residuals at the end, over all inputs; empty if there are none. */
    public Optional<Summary> residual() {
        return Summary.of(residuals);
    }

    /** Returns the known distances from the inputs; empty if there are none. */
    public Optional<Summary> distance() {
        return Summary.of(
                Arrays.stream(distances).filter(distance -> !Double.isNaN(distance)).toArray());
    }

    /**
     * Writes a table of comma-separated values, with all digits. Columns {@code after-N} hold the
     * residual of the best invariant input after N passes. Unknown values are empty.
     */
    public void write(OutputStream out) throws IOException {
        var text = new StringBuilder(HEADER);
        for (int i = 0; i < schedule.count(); i++) {
            text.append(",after-").append(schedule.passes(i));
        }
        for (int i = 0; i < count(); i++) {
            var outcome = get(i);
            text.append(
                    "\r\n%d,%s,%d,%s,%s,%d,%s"
                            .formatted(
                                    i,
                                    outcome.residual(),
                                    outcome.passes(),
                                    outcome.moved(),
                                    cell(outcome.movedAtLeast()),
                                    outcome.restarts(),
                                    cell(outcome.distance())));
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
     * Reads a table whose hash is right. Distances from the inputs are unknown where the table has
     * no column of them, as those of older versions.
     *
     * @throws DataException if it is of another number of inputs or checkpoints
     */
    public static RowOutcomes read(Path file, RowLayout layout) throws IOException {
        var outcomes = new RowOutcomes(layout);
        int count = layout.count();
        try (var lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
            var names = List.of(String.valueOf(lines.readLine()).split(",", -1));
            int distance = names.indexOf(DISTANCE);
            int course = distance < 0 ? 6 : distance + 1; // the column at which the trace begins
            for (int i = 0; i < count; i++) {
                var line = lines.readLine();
                var cells = line == null ? new String[0] : line.split(",", -1);
                if (cells.length != course + layout.schedule().count()) {
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
                                parsed(cells[4]),
                                Integer.parseInt(cells[5]),
                                distance < 0 ? Double.NaN : parsed(cells[distance]),
                                parsedTrace(cells, course)));
            }
        }
        return outcomes;
    }

    private static ConvergenceTrace parsedTrace(String[] cells, int from) {
        var residuals = new float[cells.length - from];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = Float.parseFloat(cells[from + i]);
        }
        return ConvergenceTrace.of(residuals);
    }
}
