package stir.api.support;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import stir.api.Batch;
import stir.api.Shape;

/**
 * A pool of scratch batches for repeated passes, because direct memory is slow to allocate. Keeps
 * the largest number of batches that were lent at the same time. Thread-safe.
 *
 * @since 0.1.0
 */
public final class BatchPool {
    private final Shape rowShape;
    private final Queue<Batch> spares = new ConcurrentLinkedQueue<>();

    /**
     * Creates an empty pool.
     *
     * @param rowShape the shape of each row of the batches; every dimension known
     */
    public BatchPool(Shape rowShape) {
        this.rowShape = rowShape;
    }

    /**
     * Lends a batch to some work.
     *
     * @param rows the number of rows of the batch
     * @param work the consumer that receives the batch, which holds arbitrary values, and does not
     *     retain it
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
