package stir.core.study.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inputs.Rows;
import stir.core.network.pass.CutNetwork;
import stir.core.score.StudiedLayer;
import stir.core.score.compute.ComputedRepresentations;
import stir.core.score.compute.HeldRepresentations;
import stir.core.score.compute.Representations;

/**
 * Computes and caches representations. Rows are passed once through all layers of a network; the
 * representations are held where they fit into memory, and otherwise computed again on each read,
 * with the same values. Not thread-safe.
 */
final class RepresentationCache {
    /** The number of inputs that are read at a time. */
    private static final int PART = 256;

    private final int count;
    private final long memory;
    private final Map<StudiedLayer, Representations> ofInputs = new LinkedHashMap<>(16, 0.75f, true);
    private long held;

    /**
     * Creates an empty cache.
     *
     * @param count the number of inputs
     * @param memory the approximate number of bytes that may be held
     */
    RepresentationCache(int count, long memory) {
        this.count = count;
        this.memory = memory;
    }

    /**
     * Computes the representations of rows at some layers of a network.
     *
     * @param shown one row per input
     */
    Map<String, Representations> compute(OpenNetwork network, List<String> layers, Rows shown) {
        if (layers.isEmpty()) {
            return Map.of();
        }
        var cuts = new LinkedHashMap<String, CutNetwork>();
        long bytes = 0;
        for (var layer : layers) {
            var cut = network.cut(layer);
            cuts.put(layer, cut);
            bytes += bytes(cut);
        }
        var representations = new LinkedHashMap<String, Representations>();
        if (bytes > memory) {
            cuts.forEach((layer, cut) -> representations.put(layer, new ComputedRepresentations(cut, shown)));
            return representations;
        }
        var batches = new LinkedHashMap<String, Batch>();
        cuts.forEach((layer, cut) -> batches.put(layer, Batch.allocate(count, cut.representationShape())));
        for (int from = 0; from < count; from += PART) {
            int rows = Math.min(PART, count - from);
            var part = Batch.allocate(rows, pixels(cuts));
            shown.read(from, rows, part, 0);
            var read = new RowBatch(part, shown, from);
            for (var cut : cuts.entrySet()) {
                checkInterrupted();
                var into = batches.get(cut.getKey());
                if (into != null) {
                    cut.getValue().represent(read, 0, into.slice(from, from + rows));
                }
            }
        }
        var lengths = network.lengths().at(shown::input);
        batches.forEach((layer, rows) ->
                representations.put(layer, new HeldRepresentations(layer, network.layout(), rows, lengths)));
        return representations;
    }

    /** Rows that were read together. */
    private record RowBatch(Batch rows, Rows shown, int from) implements Rows {
        @Override
        public int input(int index) {
            return shown.input(from + index);
        }

        @Override
        public void read(int index, Batch into, int row) {
            into.copyRow(rows, index, row);
        }
    }

    private static Shape pixels(Map<String, CutNetwork> cuts) {
        return cuts.values().iterator().next().pixelShape();
    }

    private long bytes(CutNetwork cut) {
        return (long) Float.BYTES * count * cut.representationShape().size();
    }

    static void checkInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("The study was interrupted");
        }
    }

    /**
     * Returns the inputs' representations at some layers, from the cache where it has them.
     *
     * @param model the network's name in the study, or that of its invariant inputs in paths
     * @param inputs the inputs, or these
     */
    Map<String, Representations> ofInputs(String model, OpenNetwork network, List<String> layers, Rows inputs) {
        var missing = layers.stream()
                .filter(layer -> !ofInputs.containsKey(new StudiedLayer(model, layer)))
                .toList();
        if (!missing.isEmpty()) {
            compute(network, missing, inputs)
                    .forEach((layer, representations) -> keep(new StudiedLayer(model, layer), representations));
        }
        var representations = new LinkedHashMap<String, Representations>();
        for (var layer : layers) {
            var known = ofInputs.get(new StudiedLayer(model, layer));
            representations.put(layer, known != null ? known : new ComputedRepresentations(network.cut(layer), inputs));
        }
        return representations;
    }

    private void keep(StudiedLayer at, Representations representations) {
        if (!(representations instanceof HeldRepresentations rows)) {
            return; // whose network may be closed by the next read
        }
        ofInputs.put(at, rows);
        held += size(rows);
        var oldest = ofInputs.entrySet().iterator();
        while (held > memory && ofInputs.size() > 1) {
            var entry = oldest.next();
            if (entry.getKey().equals(at)) {
                continue;
            }
            held -= size((HeldRepresentations) entry.getValue());
            oldest.remove();
        }
    }

    private static long size(HeldRepresentations representations) {
        return (long) Float.BYTES
                * representations.rows().rows()
                * representations.rows().rowSize();
    }
}
