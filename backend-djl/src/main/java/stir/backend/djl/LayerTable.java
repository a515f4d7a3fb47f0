package stir.backend.djl;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.StirException;
import stir.backend.djl.libtorch.FusedAttention;
import stir.backend.djl.libtorch.ListedLayer;

/**
 * The layers of a network with their shapes for inputs of one shape.
 *
 * @param layers the layers in the order of computation
 * @param fixedRows the only number of rows that the network accepts, if tracing has fixed it
 */
record LayerTable(List<Layer> layers, OptionalInt fixedRows) {
    /** An unusual number of rows, which tells them apart from other dimensions. */
    private static final int ROWS = 3;

    /**
     * Runs the listing.
     *
     * @param listing the method that lists the layers
     * @throws DataException if the network does not accept inputs of that shape
     */
    static LayerTable measure(NetworkFile file, ScriptComputation listing, Shape input) {
        int tracedRows = file.rows().orElse(0);
        if (tracedRows == 0 || tracedRows == ROWS) {
            return table(list(file, listing, ROWS, input), ROWS, OptionalInt.empty());
        }
        try {
            var layers = list(file, listing, ROWS, input);
            if (layers.stream().allMatch(layer -> hasRows(layer, ROWS))) {
                return table(layers, ROWS, OptionalInt.empty());
            }
        } catch (DataException e) {
            // the run with the traced number of rows determines whether that was the reason
        }
        return table(list(file, listing, tracedRows, input), tracedRows, OptionalInt.of(tracedRows));
    }

    private static boolean hasRows(ListedLayer layer, int rows) {
        return !layer.shape().isEmpty() && layer.shape().get(0) == rows;
    }

    private static List<ListedLayer> list(NetworkFile file, ScriptComputation listing, int rows, Shape input) {
        try {
            return GradientMode.run(listing.manager(), arrays -> {
                var batch = listing.sides().onTrial(Batch.allocate(rows, input));
                var inputs = NetworkHook.array(arrays, batch);
                inputs.setRequiresGradient(true);
                return file.layers(listing.lines(inputs, batch));
            });
        } catch (StirException e) {
            throw e;
        } catch (RuntimeException e) { // DJL's own exception, if the result is not a list
            throw LibtorchFailures.ofFirstPass(e, file.file().toString(), "the output", input);
        }
    }

    private static LayerTable table(List<ListedLayer> listed, int rows, OptionalInt fixedRows) {
        return new LayerTable(
                listed.stream()
                        .filter(layer -> !layer.shape().contains(0L)) // it has no values
                        .map(layer -> layer(layer, rows))
                        .toList(),
                fixedRows);
    }

    private static Layer layer(ListedLayer layer, int rows) {
        boolean byRow = hasRows(layer, rows);
        var shape = layer.shape().stream()
                .skip(byRow ? 1 : 0)
                .mapToInt(Math::toIntExact)
                .toArray();
        if (!byRow) {
            return Layer.refused(layer.name(), layer.kind(), Shape.of(shape), "It does not have one row per input.");
        }
        var obstacle = layer.afterFusedAttention()
                ? Optional.of("Before it, " + FusedAttention.ADVICE)
                : !layer.differentiable()
                        ? Optional.of("The network detaches it from its input.")
                        : Optional.<String>empty();
        return new Layer(layer.name(), layer.kind(), Shape.of(shape), obstacle);
    }
}
