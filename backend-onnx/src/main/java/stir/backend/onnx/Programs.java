package stir.backend.onnx;

import stir.api.Batch;
import stir.api.Scope;
import stir.backend.onnx.rewrite.StaticGraph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Runs passes on any number of rows with programs that each have a fixed number: the runtime plans
 * memory and folds constants best if all shapes are known.
 *
 * <p>A program whose rows are a little more than needed is taken too, and the rest filled up; of
 * the programs for one pass a few are kept. A model whose batch size is fixed has one program a
 * pass.
 */
final class Programs implements AutoCloseable {
    /** The most programs that are kept for one pass. */
    private static final int KEPT = 4;

    /** A program is taken for at least this share of its rows. */
    private static final double LEAST_USE = 0.75;

    /** Writes the graph of a pass for a number of rows. */
    interface Writer {
        StaticGraph write(Pass pass, int rows);
    }

    private final Sessions sessions;
    private final OptionalInt fixedRows;
    private final Writer writer;
    private final Map<Pass, List<Lease>> programs = new HashMap<>();

    Programs(Sessions sessions, OptionalInt fixedRows, Writer writer) {
        this.sessions = sessions;
        this.fixedRows = fixedRows;
        this.writer = writer;
    }

    /** A program and how many threads run it; it is freed when it is dropped and none does. */
    private static final class Lease {
        private final Program program;
        private int users;
        private boolean dropped;

        Lease(Program program) {
            this.program = program;
        }
    }

    void run(Pass pass, Map<String, Batch> given, Map<String, Batch> wanted) {
        int rows = given.values().iterator().next().rows();
        int done = 0;
        while (done < rows) {
            int left = rows - done;
            var lease = take(pass, left);
            try {
                int now = Math.min(left, lease.program.rows());
                run(lease.program, slice(given, done, now), slice(wanted, done, now));
                done += now;
            } finally {
                giveBack(lease);
            }
        }
    }

    private static Map<String, Batch> slice(Map<String, Batch> batches, int from, int rows) {
        var slices = new HashMap<String, Batch>();
        batches.forEach((name, batch) -> slices.put(name, batch.slice(from, from + rows)));
        return slices;
    }

    private static void run(Program program, Map<String, Batch> given, Map<String, Batch> wanted) {
        int rows = given.values().iterator().next().rows();
        if (rows == program.rows()) {
            program.run(given, wanted);
            return;
        }
        var filled = new HashMap<String, Batch>();
        given.forEach((name, batch) -> filled.put(name, fill(batch, program.rows())));
        var found = new HashMap<String, Batch>();
        wanted.forEach(
                (name, batch) -> found.put(name, Batch.allocate(program.rows(), batch.rowShape())));
        program.run(filled, found);
        wanted.forEach(
                (name, batch) -> {
                    var result = found.get(name);
                    if (result != null) {
                        batch.buffer().put(0, result.buffer(), 0, rows * batch.rowSize());
                    }
                });
    }

    /** More rows: copies of the last one, so that nothing unusual is computed. */
    private static Batch fill(Batch batch, int rows) {
        var filled = Batch.allocate(rows, batch.rowShape());
        for (int row = 0; row < rows; row++) {
            filled.copyRow(batch, Math.min(row, batch.rows() - 1), row);
        }
        return filled;
    }

    private synchronized Lease take(Pass pass, int rows) {
        var kept = programs.computeIfAbsent(pass, any -> new ArrayList<>());
        Lease best = null;
        for (var lease : kept) {
            int has = lease.program.rows();
            boolean fits = has >= rows && (fixedRows.isPresent() || rows >= LEAST_USE * has);
            if (fixedRows.isPresent() || (fits && (best == null || has < best.program.rows()))) {
                best = lease;
            }
        }
        if (best == null) {
            int size = fixedRows.orElse(rows);
            best = new Lease(new Program(sessions, writer.write(pass, size), size));
        }
        kept.remove(best);
        kept.add(0, best); // the most recently used one comes first
        best.users++;
        while (kept.size() > KEPT) {
            drop(kept.remove(KEPT));
        }
        return best;
    }

    private synchronized void giveBack(Lease lease) {
        lease.users--;
        free(lease);
    }

    private static void drop(Lease lease) {
        lease.dropped = true;
        free(lease);
    }

    private static void free(Lease lease) {
        if (lease.dropped && lease.users == 0) {
            lease.program.close();
        }
    }

    @Override
    public synchronized void close() {
        try (var scope = new Scope()) {
            programs.values().forEach(kept -> kept.forEach(lease -> scope.own(lease.program)));
            programs.clear();
        }
    }
}
