package stir.backend.onnx;

import stir.api.Scope;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Programs for one pass, each for its number of rows: the runtime plans memory and folds constants
 * best if all shapes are known.
 *
 * <p>A program whose rows are a little more than needed is taken too; a few are kept.
 */
final class Pool<P extends FixedRows> implements AutoCloseable {
    /** The most programs that are kept. */
    private static final int KEPT = 4;

    /** A program is taken for at least this share of its rows. */
    private static final double LEAST_USE = 0.75;

    private final IntFunction<P> maker;
    private final List<Entry> kept = new ArrayList<>();

    /**
     * Creates a pool without programs yet.
     *
     * @param maker makes a program for a number of rows
     */
    Pool(IntFunction<P> maker) {
        this.maker = maker;
    }

    /** A program and how many run it; it is freed when it is dropped and nobody does. */
    private final class Entry {
        private final P program;
        private int users;
        private boolean dropped;

        Entry(P program) {
            this.program = program;
        }
    }

    /** A program that is not freed before this is closed. */
    final class Lease implements AutoCloseable {
        private final Entry entry;

        private Lease(Entry entry) {
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

    /** Returns a program for so many rows, or for a few more. */
    synchronized Lease take(int rows) {
        Entry best = null;
        for (var entry : kept) {
            int has = entry.program.rows();
            boolean fits = has >= rows && rows >= LEAST_USE * has;
            if (fits && (best == null || has < best.program.rows())) {
                best = entry;
            }
        }
        if (best == null) {
            best = new Entry(maker.apply(rows));
        }
        kept.remove(best);
        kept.add(0, best); // the most recently used one comes first
        best.users++;
        while (kept.size() > KEPT) {
            var oldest = kept.remove(KEPT);
            oldest.dropped = true;
            free(oldest);
        }
        return new Lease(best);
    }

    private synchronized void giveBack(Entry entry) {
        entry.users--;
        free(entry);
    }

    private void free(Entry entry) {
        if (entry.dropped && entry.users == 0) {
            entry.program.close();
        }
    }

    /** Frees all programs; none is in use any more. */
    @Override
    public synchronized void close() {
        try (var scope = new Scope()) {
            kept.forEach(entry -> scope.own(entry.program));
            kept.clear();
        }
    }
}
