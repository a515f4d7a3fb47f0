package stir.core.network;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.support.BatchPool;

/**
 * A hook for any number of rows, around a hook with a fixed number of rows. The last pass is padded
 * with copies of its last row, to avoid unusual values.
 */
final class PaddedHook extends WrappedHook {
    /** The maximum number of passes whose values are kept for the backward passes. */
    private static final int MOST_WAITING = 100;

    private final int size;
    private final BatchPool cotangents;
    private final Queue<PaddedPass> spares = new ConcurrentLinkedQueue<>();

    /**
     * Creates a hook that splits and pads batches.
     *
     * @param hook owned by this hook, which closes it
     * @param size the fixed number of rows
     */
    PaddedHook(LayerHook hook, int size) {
        super(hook);
        this.size = size;
        this.cotangents = new BatchPool(hook.layer().shape());
    }

    /** Memory for one padded pass. */
    private final class PaddedPass {
        private final Batch inputs = Batch.allocate(size, inputShape());
        private final Batch representations = Batch.allocate(size, layer().shape());
        private final Batch cotangents = Batch.allocate(size, layer().shape());
        private final Batch gradients = Batch.allocate(size, inputShape());
        private final double[] distances = new double[size];
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        withMemory(padded -> {
            for (int from = 0; from < inputs.rows(); from += size) {
                var ofPass = to(representations, from, padded.representations);
                hook.represent(from(inputs, from, padded.inputs), ofPass);
                copyBack(ofPass, representations, from);
            }
        });
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        withMemory(padded -> {
            for (int from = 0; from < inputs.rows(); from += size) {
                var ofPass = to(gradients, from, padded.gradients);
                hook.pullback(from(inputs, from, padded.inputs), from(cotangents, from, padded.cotangents), ofPass);
                copyBack(ofPass, gradients, from);
            }
        });
    }

    /**
     * Calls the rule once with all rows. To that end, each forward pass runs within the rule of the
     * pass before it, the last pass calls the caller's rule, and the backward passes follow in
     * reverse order. Very many passes would need too much memory: then each forward pass runs twice
     * instead.
     */
    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        this.cotangents.lend(inputs.rows(), chosen -> {
            if (inputs.rows() > MOST_WAITING * size) {
                represent(inputs, representations);
                rule.apply(representations, chosen);
                pullback(inputs, chosen, gradients);
            } else {
                withMemory(padded -> pass(new RuleCall(inputs, rule, representations, chosen, gradients, padded), 0));
            }
        });
    }

    /** A call of a rule for several passes. */
    private record RuleCall(
            Batch inputs,
            CotangentRule rule,
            Batch representations,
            Batch cotangents,
            Batch gradients,
            PaddedPass padded) {}

    /** Runs the pass that begins at a row, and all later ones within it. */
    private void pass(RuleCall call, int from) {
        var ofPass = to(call.representations, from, call.padded.representations);
        var back = to(call.gradients, from, call.padded.gradients);
        hook.pullback(
                from(call.inputs, from, call.padded.inputs),
                (values, wanted) -> {
                    copyBack(values, call.representations, from);
                    if (from + size < call.inputs.rows()) {
                        pass(call, from + size);
                    } else {
                        call.rule.apply(call.representations, call.cotangents);
                    }
                    fill(call.cotangents, from, wanted);
                },
                ofPass,
                back);
        copyBack(back, call.gradients, from);
    }

    @Override
    public void distance(Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        withMemory(padded -> {
            for (int from = 0; from < inputs.rows(); from += size) {
                var ofPass = to(gradients, from, padded.gradients);
                hook.distance(
                        from(inputs, from, padded.inputs),
                        from(targets, from, padded.representations),
                        norm,
                        padded.distances,
                        ofPass);
                copyBack(ofPass, gradients, from);
                int rows = Math.min(size, inputs.rows() - from);
                System.arraycopy(padded.distances, 0, distances, from, rows);
            }
        });
    }

    private void withMemory(Consumer<PaddedPass> work) {
        var spare = spares.poll();
        var padded = spare == null ? new PaddedPass() : spare;
        work.accept(padded);
        spares.add(padded);
    }

    /** Returns the rows for a pass: the caller's own, or padded copies. */
    private Batch from(Batch batch, int from, Batch memory) {
        if (from + size <= batch.rows()) {
            return batch.slice(from, from + size);
        }
        var pass = memory.withSideLike(batch);
        fill(batch, from, pass);
        return pass;
    }

    /** Copies rows of a batch into a full pass, and repeats the last row if the batch ends. */
    private static void fill(Batch batch, int from, Batch pass) {
        for (int row = 0; row < pass.rows(); row++) {
            pass.copyRow(batch, Math.min(from + row, batch.rows() - 1), row);
        }
    }

    /** Returns the rows that a pass writes: the caller's own, or memory for a whole pass. */
    private Batch to(Batch batch, int from, Batch memory) {
        return from + size <= batch.rows() ? batch.slice(from, from + size) : memory;
    }

    private void copyBack(Batch ofPass, Batch batch, int from) {
        if (from + size > batch.rows()) {
            for (int row = from; row < batch.rows(); row++) {
                batch.copyRow(ofPass, row - from, row);
            }
        }
    }

    @Override
    public void close() {
        spares.clear();
        super.close();
    }
}
