package stir.backend.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import stir.api.Scope;

/**
 * Programs for one pass, each for one number of rows, because the runtime plans memory and folds
 * constants best if all shapes are known.
 *
 * <p>A program with slightly more rows than needed is reused; a few programs are kept.
 */
final class Pool<P extends AutoCloseable> implements AutoCloseable {
    /** The maximum number of programs to keep. */
    private static final int CAPACITY = 4;

    /** The smallest share of its rows for which a program is reused. */
    private static final double MIN_UTILISATION = 0.75;

    private final IntFunction<P> maker;
    private final List<PooledProgram> kept = new ArrayList<>();

    /**
     * Creates an empty pool.
     *
     * @param maker the function that creates a program for a number of rows
     */
    Pool(IntFunction<P> maker) {
        this.maker = maker;
    }

    /** A program and its number of users; a dropped program is closed once it has none. */
    private final class PooledProgram {
        private final P program;
        private final int rows;
        private int users;
        private boolean dropped;

        PooledProgram(int rows) {
            this.program = maker.apply(rows);
            this.rows = rows;
        }
    }

    /** A use of a program, which stays open until the lease is closed. */
    final class Lease implements AutoCloseable {
        private final PooledProgram entry;

        private Lease(PooledProgram entry) {
            this.entry = entry;
        }

        P program() {
            return entry.program;
        }

        @Override
        public void close() {
            giveBack(entry);
        }
    }

    /** Returns a program for at least this number of rows. */
    synchronized Lease take(int rows) {
        PooledProgram best = null;
        for (var entry : kept) {
            boolean fits = entry.rows >= rows && rows >= MIN_UTILISATION * entry.rows;
            if (fits && (best == null || entry.rows < best.rows)) {
                best = entry;
            }
        }
        if (best == null) {
            best = new PooledProgram(rows);
        }
        kept.remove(best);
        kept.add(0, best); // most recently used first
        best.users++;
        while (kept.size() > CAPACITY) {
            var oldest = kept.remove(CAPACITY);
            oldest.dropped = true;
            free(oldest);
        }
        return new Lease(best);
    }

    private synchronized void giveBack(PooledProgram entry) {
        entry.users--;
        free(entry);
    }

    private void free(PooledProgram entry) {
        if (entry.dropped && entry.users == 0) {
            try (var scope = new Scope()) {
                scope.own(entry.program);
            }
        }
    }

    /** Closes all programs; none may be in use. */
    @Override
    public synchronized void close() {
        try (var scope = new Scope()) {
            kept.forEach(entry -> scope.own(entry.program));
            kept.clear();
        }
    }
}
