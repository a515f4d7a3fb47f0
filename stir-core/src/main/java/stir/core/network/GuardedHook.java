package stir.core.network;

import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

/**
 * A guard around a backend's hook that enforces the contract of {@link LayerHook}: calls that reach
 * the backend have the right shapes and numbers of rows, come before the hook is closed, and ask
 * for gradients only if it was opened for them. Several threads may run passes at the same time.
 */
final class GuardedHook extends WrappedHook {
    private final boolean gradients;
    private final Map<Thread, Long> calls;
    private final Consumer<GuardedHook> whenClosed;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
    private boolean closed;

    /**
     * Guards a hook.
     *
     * @param bare owned by this guard, which closes it
     * @param gradients whether it was opened for gradients
     * @param calls the map that receives the start times of passes
     * @param whenClosed the action to run when this is closed
     */
    GuardedHook(LayerHook bare, boolean gradients, Map<Thread, Long> calls, Consumer<GuardedHook> whenClosed) {
        super(bare.batch().isPresent() ? new PaddedHook(bare, bare.batch().getAsInt()) : bare);
        this.gradients = gradients;
        this.calls = calls;
        this.whenClosed = whenClosed;
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        check(inputs, inputShape(), inputs.rows(), "inputs");
        check(representations, layer().shape(), inputs.rows(), "representations");
        pass(inputs, () -> hook.represent(inputs, representations));
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        check(inputs, inputShape(), inputs.rows(), "inputs");
        check(cotangents, layer().shape(), inputs.rows(), "cotangents");
        check(gradients, inputShape(), inputs.rows(), "gradients");
        passForGradients(inputs, () -> hook.pullback(inputs, cotangents, gradients));
    }

    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        check(inputs, inputShape(), inputs.rows(), "inputs");
        check(representations, layer().shape(), inputs.rows(), "representations");
        check(gradients, inputShape(), inputs.rows(), "gradients");
        passForGradients(inputs, () -> hook.pullback(inputs, rule, representations, gradients));
    }

    @Override
    public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        check(inputs, inputShape(), inputs.rows(), "inputs");
        check(targets, layer().shape(), inputs.rows(), "targets");
        check(gradients, inputShape(), inputs.rows(), "gradients");
        if (distances.length < inputs.rows()) {
            throw new IllegalArgumentException(
                    "%d distances do not fit %d rows".formatted(distances.length, inputs.rows()));
        }
        passForGradients(inputs, () -> hook.distance(inputs, targets, norm, distances, gradients));
    }

    private static void check(Batch batch, Shape row, int rows, String noun) {
        if (batch.rows() != rows || !batch.rowShape().equals(row)) {
            throw new IllegalArgumentException(
                    "The %s must be %d rows of %s, not a %s".formatted(noun, rows, row, batch));
        }
    }

    private void passForGradients(Batch inputs, Runnable pass) {
        if (!gradients) {
            throw new IllegalStateException("The hook at " + layer().name() + " was opened without gradients");
        }
        pass(inputs, pass);
    }

    private void pass(Batch inputs, Runnable pass) {
        use.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("The hook at " + layer().name() + " is closed");
            }
            calls.put(Thread.currentThread(), System.nanoTime());
            if (inputs.rows() > 0) {
                pass.run();
            }
        } finally {
            calls.remove(Thread.currentThread());
            use.readLock().unlock();
        }
    }

    /**
     * Waits for running passes, then closes the hook. Idempotent.
     *
     * @throws IllegalStateException if called from within a pass, which would wait for itself
     */
    @Override
    public void close() {
        if (use.getReadHoldCount() > 0) {
            throw new IllegalStateException("The hook at " + layer().name() + " can't be closed within its own pass");
        }
        use.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            hook.close();
        } finally {
            use.writeLock().unlock();
        }
        whenClosed.accept(this);
    }
}
