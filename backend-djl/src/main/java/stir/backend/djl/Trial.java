package stir.backend.djl;

import ai.djl.engine.EngineException;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.Shape;

import java.util.Arrays;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Tries a network out up to a layer: what shape comes, whether any number of rows is taken, and
 * whether there is a gradient. An archive does not tell any of it.
 */
final class Trial {
    private static final float GREY = 0.5f;

    private final Computation computation;
    private final String name;
    private final Shape input;

    private Trial(Computation computation, String name, Shape input) {
        this.computation = computation;
        this.name = name;
        this.input = input;
    }

    /** What is to be hooked; as {@link NetworkHook.Site}, before anything was computed. */
    record Wish(
            String layer,
            String kind,
            Shape input,
            boolean fakeRelu,
            boolean representWithGradient,
            OptionalInt tracedRows,
            boolean gradients) {}

    /**
     * Opens a hook after having tried it out.
     *
     * @param computation closed with the hook, and if this fails
     * @param whenClosed told when the hook is closed
     * @throws DataException if the network does not take such inputs, or has no gradient where one
     *     is wanted
     */
    static NetworkHook open(Computation computation, Wish wish, Consumer<NetworkHook> whenClosed) {
        try {
            var trial = new Trial(computation, wish.layer(), wish.input());
            var fixedRows = trial.fixedRows(wish.tracedRows());
            var dimensions = trial.dimensions(fixedRows.orElse(1));
            var shape =
                    Shape.of(
                            Arrays.stream(dimensions).skip(1).mapToInt(Math::toIntExact).toArray());
            var hook =
                    new NetworkHook(
                            computation,
                            new NetworkHook.Site(
                                    new Layer(wish.layer(), wish.kind(), shape),
                                    wish.input(),
                                    wish.fakeRelu(),
                                    wish.representWithGradient(),
                                    fixedRows),
                            whenClosed);
            if (wish.gradients()) {
                trial.gradient(hook, fixedRows.orElse(1));
            }
            return hook;
        } catch (RuntimeException e) {
            computation.close();
            throw e;
        }
    }

    /** Empty if one row gives one row and two rows give two; else the number of tracing. */
    private OptionalInt fixedRows(OptionalInt traced) {
        if (traced.isEmpty()) {
            requireRows(1);
            requireRows(2);
            return OptionalInt.empty();
        }
        try {
            if (dimensions(1)[0] == 1 && dimensions(2)[0] == 2) {
                return OptionalInt.empty();
            }
        } catch (DataException e) {
            // The trial with the number of tracing tells whether that was the reason.
        }
        requireRows(traced.getAsInt());
        return traced;
    }

    private void requireRows(int rows) {
        var dimensions = dimensions(rows);
        if (dimensions[0] != rows) {
            throw new DataException(
                    "%s has no row for each input (%d inputs give %s): take another layer."
                            .formatted(name, rows, Arrays.toString(dimensions)));
        }
    }

    /** The dimensions that come of a number of rows; never none. */
    private long[] dimensions(int rows) {
        try {
            return GradientMode.run(
                    computation.manager(),
                    arrays -> {
                        var inputs = NetworkHook.array(arrays, inputs(rows));
                        var dimensions = computation.compute(inputs).getShape().getShape();
                        return dimensions.length == 0 ? new long[] {0} : dimensions;
                    });
        } catch (EngineException e) {
            throw failure(e);
        }
    }

    private void gradient(NetworkHook hook, int rows) {
        var inputs = inputs(rows);
        var cotangents = Batch.allocate(rows, hook.layer().shape());
        try {
            hook.pullback(inputs, cotangents, inputs.copy());
        } catch (stir.api.BackendException e) {
            throw e.getCause() instanceof EngineException cause ? failure(cause) : e;
        }
    }

    private stir.api.StirException failure(EngineException e) {
        return Failures.ofFirstPass(e, name, "inputs of shape " + input);
    }

    private Batch inputs(int rows) {
        var inputs = Batch.allocate(rows, input);
        var values = inputs.buffer();
        while (values.hasRemaining()) {
            values.put(GREY);
        }
        return inputs;
    }
}
