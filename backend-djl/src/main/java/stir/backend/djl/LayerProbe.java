package stir.backend.djl;

import ai.djl.engine.EngineException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.StirException;
import stir.api.support.BatchPool;

/**
 * A probe of a network up to a layer, which determines the layer's shape, whether any number of
 * rows is accepted, and whether there is a gradient. An archive records none of these.
 */
final class LayerProbe {
    private static final float LOWEST = 0.2f;

    /** The number of different input values; constant inputs might have a deviation of 0. */
    private static final int VALUES = 97;

    private final LayerComputation computation;
    private final String network;
    private final String name;
    private final Shape input;

    /** The dimensions of the layer's values by the number of rows. */
    private final Map<Integer, long[]> measured = new HashMap<>();

    private LayerProbe(LayerComputation computation, String network, String name, Shape input) {
        this.computation = computation;
        this.network = network;
        this.name = name;
        this.input = input;
    }

    /** A request for a hook; before anything was computed. */
    record Request(
            String network,
            String layer,
            String kind,
            Shape input,
            boolean fakeRelu,
            boolean representWithGradient,
            OptionalInt tracedRows,
            boolean gradients) {}

    /**
     * Opens a hook after probing it.
     *
     * @param computation the computation, closed with the hook or if this fails
     * @param known the findings of an earlier hook with this computation, or null
     * @throws DataException if the network does not accept such inputs, or has no gradient where
     *     one is needed
     */
    static NetworkHook open(LayerComputation computation, Request request, @Nullable NetworkHook known) {
        try {
            var probe = new LayerProbe(computation, request.network(), request.layer(), request.input());
            var hook = known == null ? probe.hook(request) : known.on(computation);
            int rows = hook.batch().orElse(1);
            if (known == null) {
                probe.values(hook, rows);
            }
            if (request.gradients()) {
                probe.gradient(hook, rows);
            }
            return hook;
        } catch (RuntimeException | Error e) {
            computation.close();
            throw e;
        }
    }

    private NetworkHook hook(Request request) {
        var fixedRows = fixedRows(request.tracedRows());
        var dimensions = dimensions(fixedRows.orElse(1));
        var shape = Shape.of(
                Arrays.stream(dimensions).skip(1).mapToInt(Math::toIntExact).toArray());
        return new NetworkHook(
                computation,
                network,
                new Layer(name, request.kind(), shape),
                input,
                request.fakeRelu(),
                request.representWithGradient(),
                fixedRows,
                new BatchPool(shape));
    }

    /** Returns empty if one row gives one row and two rows give two, else the traced number. */
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
            // the probe with the traced number of rows determines whether that was the reason
        }
        requireRows(traced.getAsInt());
        return traced;
    }

    private void requireRows(int rows) {
        var dimensions = dimensions(rows);
        if (dimensions[0] != rows) {
            throw new DataException(
                    "%s of %s does not have one row per input (%d inputs give %s): choose another layer."
                            .formatted(name, network, rows, Arrays.toString(dimensions)));
        }
    }

    /** Returns the dimensions of the layer's values for a number of rows, at least one. */
    private long[] dimensions(int rows) {
        return measured.computeIfAbsent(rows, this::measure);
    }

    private long[] measure(int rows) {
        try {
            return GradientMode.run(computation.manager(), arrays -> {
                var batch = inputs(rows);
                var inputs = NetworkHook.array(arrays, batch);
                var output = computation.compute(inputs, batch);
                output.getDevice(); // fails for one without memory, such as "meta"
                var dimensions = output.getShape().getShape();
                boolean isEmpty = Arrays.stream(dimensions).anyMatch(size -> size == 0);
                return dimensions.length == 0 || isEmpty ? new long[] {0} : dimensions;
            });
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException e) { // DJL's own exception, if the result is not one tensor
            throw failure(e);
        }
    }

    private void values(NetworkHook hook, int rows) {
        var values = Batch.allocate(rows, hook.layer().shape());
        hook.represent(inputs(rows), values);
        requireFinite(values, "values");
    }

    private void gradient(NetworkHook hook, int rows) {
        var inputs = inputs(rows);
        var cotangents = Batch.allocate(rows, hook.layer().shape());
        for (int i = 0; i < cotangents.buffer().capacity(); i++) {
            cotangents.buffer().put(i, 1);
        }
        var gradients = inputs.copy();
        try {
            hook.pullback(inputs, cotangents, gradients);
        } catch (BackendException e) {
            throw e.getCause() instanceof EngineException cause ? failure(cause) : e;
        }
        requireFinite(gradients, "gradients");
    }

    private void requireFinite(Batch values, String quantity) {
        for (float value : values.toArray()) {
            if (!Float.isFinite(value)) {
                throw new DataException(
                        "%s of %s gives %s that are not finite: export the network again, or choose another layer."
                                .formatted(name, network, quantity));
            }
        }
    }

    private StirException failure(RuntimeException e) {
        return LibtorchFailures.ofFirstPass(e, network, name, input);
    }

    private Batch inputs(int rows) {
        var inputs = Batch.allocate(rows, input);
        var values = inputs.buffer();
        for (int i = 0; values.hasRemaining(); i++) {
            values.put(LOWEST + i % VALUES / (2f * VALUES));
        }
        return computation.sides().onTrial(inputs);
    }
}
