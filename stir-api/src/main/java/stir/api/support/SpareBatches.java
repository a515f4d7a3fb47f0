package stir.api.support;

import stir.api.Batch;
import stir.api.Shape;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Memory to work in for passes that come again and again: direct memory is slow to make. Keeps as
 * many batches as were lent at the same time. For any number of threads.
 *
 * @since 0.1.0
 */
public final class SpareBatches {
    private final Shape rowShape;
    private final Queue<Batch> spares = new ConcurrentLinkedQueue<>();

    /**
     * Keeps nothing yet.
     *
     * @param rowShape the shape of each row of what is lent; every dimension known
     */
    public SpareBatches(Shape rowShape) {
        this.rowShape = rowShape;
    }

    /**
     * Lends a batch to some work.
     *
     * @param rows how many rows it gets
     * @param work takes it, its values left over from before, and does not keep it
     */
    public void lend(int rows, Consumer<Batch> work) {
        var spare = spares.poll();
        if (spare == null || spare.rows() < rows) {
            spare = Batch.allocate(rows, rowShape);
        }
        work.accept(spare.rows() == rows ? spare : spare.slice(0, rows));
        spares.add(spare);
    }
}
