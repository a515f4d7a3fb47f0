package stir.core.network;

import stir.api.Batch;
import stir.api.CotangentRule;
import stir.api.Layer;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.support.SpareBatches;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Any number of rows on a hook that takes one number only. The last pass is filled up with copies
 * of its last row, so that nothing unusual is computed.
 */
final class WholePasses implements LayerHook {
    /** The most passes of which values wait for the way back at the same time. */
    private static final int MOST_WAITING = 100;

    private final LayerHook hook;
    private final int size;
    private final SpareBatches cotangents;
    private final Queue<Filled> spares = new ConcurrentLinkedQueue<>();

    /**
     * Cuts and fills batches.
     *
     * @param hook belongs to this, which closes it
     * @param size the number of rows that it takes
     */
    WholePasses(LayerHook hook, int size) {
        this.hook = hook;
        this.size = size;
        this.cotangents = new SpareBatches(hook.layer().shape());
    }

    /** Memory for one pass, of which the caller has fewer rows. */
    private final class Filled {
        private final Batch inputs = Batch.allocate(size, inputShape());
        private final Batch representations = Batch.allocate(size, layer().shape());
        private final Batch cotangents = Batch.allocate(size, layer().shape());
        private final Batch gradients = Batch.allocate(size, inputShape());
        private final double[] distances = new double[size];
    }

    @Override
    public Layer layer() {
        return hook.layer();
    }

    @Override
    public Shape inputShape() {
        return hook.inputShape();
    }

    @Override
    public boolean fakeRelu() {
        return hook.fakeRelu();
    }

    @Override
    public void represent(Batch inputs, Batch representations) {
        withMemory(
                filled -> {
                    for (int from = 0; from < inputs.rows(); from += size) {
                        var found = to(representations, from, filled.representations);
                        hook.represent(from(inputs, from, filled.inputs), found);
                        copyBack(found, representations, from);
                    }
                });
    }

    @Override
    public void pullback(Batch inputs, Batch cotangents, Batch gradients) {
        withMemory(
                filled -> {
                    for (int from = 0; from < inputs.rows(); from += size) {
                        var found = to(gradients, from, filled.gradients);
                        hook.pullback(
                                from(inputs, from, filled.inputs),
                                from(cotangents, from, filled.cotangents),
                                found);
                        copyBack(found, gradients, from);
                    }
                });
    }

    /**
     * The rule wants to see all rows at once. So each pass goes forward within the rule of the one
     * before, the last asks the caller's rule, and then they go back one after the other. With very
     * many passes, which would hold too much memory meanwhile, each goes forward twice instead.
     */
    @Override
    public void pullback(Batch inputs, CotangentRule rule, Batch representations, Batch gradients) {
        this.cotangents.lend(
                inputs.rows(),
                chosen -> {
                    if (inputs.rows() > MOST_WAITING * size) {
                        represent(inputs, representations);
                        rule.apply(representations, chosen);
                        pullback(inputs, chosen, gradients);
                    } else {
                        withMemory(
                                filled ->
                                        new Nested(
                                                        inputs,
                                                        rule,
                                                        representations,
                                                        chosen,
                                                        gradients,
                                                        filled)
                                                .pass(0));
                    }
                });
    }

    /** One call of a rule for several passes. */
    private final class Nested {
        private final Batch inputs;
        private final CotangentRule rule;
        private final Batch representations;
        private final Batch cotangents;
        private final Batch gradients;
        private final Filled filled;

        Nested(
                Batch inputs,
                CotangentRule rule,
                Batch representations,
                Batch cotangents,
                Batch gradients,
                Filled filled) {
            this.inputs = inputs;
            this.rule = rule;
            this.representations = representations;
            this.cotangents = cotangents;
            this.gradients = gradients;
            this.filled = filled;
        }

        /** Runs the pass that begins at a row, and within it all that come after. */
        void pass(int from) {
            var found = to(representations, from, filled.representations);
            var back = to(gradients, from, filled.gradients);
            hook.pullback(
                    from(inputs, from, filled.inputs),
                    (values, wanted) -> {
                        copyBack(values, representations, from);
                        if (from + size < inputs.rows()) {
                            pass(from + size);
                        } else {
                            rule.apply(representations, cotangents);
                        }
                        fill(cotangents, from, wanted);
                    },
                    found,
                    back);
            copyBack(back, gradients, from);
        }
    }

    @Override
    public void distance(
            Batch inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        withMemory(
                filled -> {
                    for (int from = 0; from < inputs.rows(); from += size) {
                        var found = to(gradients, from, filled.gradients);
                        hook.distance(
                                from(inputs, from, filled.inputs),
                                from(targets, from, filled.representations),
                                norm,
                                filled.distances,
                                found);
                        copyBack(found, gradients, from);
                        int rows = Math.min(size, inputs.rows() - from);
                        System.arraycopy(filled.distances, 0, distances, from, rows);
                    }
                });
    }

    private void withMemory(Consumer<Filled> work) {
        var spare = spares.poll();
        var filled = spare == null ? new Filled() : spare;
        work.accept(filled);
        spares.add(filled);
    }

    /** The rows of a pass: the caller's own, or copies in memory for a whole pass. */
    private Batch from(Batch batch, int from, Batch memory) {
        if (from + size <= batch.rows()) {
            return batch.slice(from, from + size);
        }
        fill(batch, from, memory);
        return memory;
    }

    /** Copies rows of a batch into one of a whole pass, the last again and again where it ends. */
    private static void fill(Batch batch, int from, Batch pass) {
        for (int row = 0; row < pass.rows(); row++) {
            pass.copyRow(batch, Math.min(from + row, batch.rows() - 1), row);
        }
    }

    /** Where a pass writes: the caller's own rows, or memory for a whole pass. */
    private Batch to(Batch batch, int from, Batch memory) {
        return from + size <= batch.rows() ? batch.slice(from, from + size) : memory;
    }

    private void copyBack(Batch found, Batch batch, int from) {
        if (from + size > batch.rows()) {
            for (int row = from; row < batch.rows(); row++) {
                batch.copyRow(found, row - from, row);
            }
        }
    }

    @Override
    public void close() {
        spares.clear();
        hook.close();
    }
}
