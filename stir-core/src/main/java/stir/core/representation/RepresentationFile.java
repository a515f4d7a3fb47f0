package stir.core.representation;

import com.fasterxml.jackson.databind.JsonNode;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.arrays.NpyWriter;
import stir.core.files.JsonFile;
import stir.core.files.WholeFiles;
import stir.core.inputs.Fingerprint;
import stir.core.inputs.Inputs;
import stir.core.machine.StirVersion;
import stir.core.network.Network;
import stir.core.network.Resources;
import stir.core.network.pass.CutNetwork;
import stir.core.progress.Progress;
import stir.core.progress.ProgressListener;
import stir.core.similarity.RepresentationReduction;
import stir.core.store.CacheKey;
import stir.core.store.LayerKey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * A {@code .npy} file of what a network makes of inputs, one row an input in the inputs' order,
 * that is written part by part, and gone on with where an earlier run was stopped. Beside it lies
 * {@code FILE.json}, which tells what the rows depend on; until all rows are there they are in
 * {@code FILE.part}. Memory does not grow with the inputs.
 *
 * <p>The bytes do not depend on how often it was stopped, nor on batch size and threads.
 *
 * @since 0.1.0
 */
public final class RepresentationFile {
    private static final String SCHEMA = "stir-representations/1";
    private static final String IDENTITY = "identity";

    /** As many inputs as a batch has, unless it was chosen larger. */
    private static final int DOUBTFUL = Resources.BATCH_SIZE;

    private final Network network;
    private final Inputs inputs;
    private final Optional<RepresentationReduction> reduction;

    /**
     * Representations of inputs.
     *
     * @param network at the layer that it is measured at; stays its owner's
     * @param inputs at least one
     * @param reduction what the rows are reduced by; empty for the raw shape
     */
    public RepresentationFile(
            Network network, Inputs inputs, Optional<RepresentationReduction> reduction) {
        this.network = network;
        this.inputs = inputs;
        this.reduction = reduction;
    }

    /**
     * Writes all rows that are not there yet. A file of the same representations is left as it is.
     *
     * @param file its name ends in {@code .npy}; its folder is made if need be
     * @param replace whether a file with something else is replaced
     * @param listener hears the progress
     * @throws UsageException if the file holds something else, or another run writes it
     * @throws BackendException if it can't be written
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; what was
     *     found is kept
     */
    public SavedRepresentations write(Path file, boolean replace, ProgressListener listener) {
        var note = file.resolveSibling(file.getFileName() + ".json");
        var part = file.resolveSibling(file.getFileName() + ".part");
        var layer = network.layer();
        int batch = Math.min(network.batchSize(), inputs.count());
        try (var cut = CutNetwork.withoutGradients(network, layer, inputs.shape(), batch)) {
            int rowsOfOne =
                    reduction.isPresent()
                            ? reduction
                                    .get()
                                    .rowsOfOneInput(
                                            cut.representationShape(), network.input().layout())
                            : 1;
            int rows = Math.multiplyExact(inputs.count(), rowsOfOne);
            var shape = reduced(Batch.allocate(1, cut.representationShape())).rowShape();
            boolean same = claim(file, note, part, identity(layer), replace);
            int found = inputs.count();
            if (!same || !Files.exists(file)) {
                try (var writer =
                        NpyWriter.resume(
                                part, rows, shape, rowsOfOne * Math.max(batch, DOUBTFUL))) {
                    found = writer.written() / rowsOfOne;
                    represent(cut, writer, found, batch, listener);
                    writer.complete();
                }
                WholeFiles.complete(part, file);
            }
            return new SavedRepresentations(file, layer, shape, rows, inputs.count(), found);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be written (%s): free some disk, or name another file."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private void represent(
            CutNetwork cut, NpyWriter writer, int from, int batch, ProgressListener listener) {
        for (int next = from; next < inputs.count(); next += batch) {
            int count = Math.min(batch, inputs.count() - next);
            var into = Batch.allocate(count, cut.representationShape());
            cut.represent(inputs, next, into);
            writer.write(reduced(into));
            writer.sync();
            listener.update(
                    new Progress(
                            "Representing at " + cut.layer(),
                            next + count,
                            inputs.count(),
                            Double.NaN));
        }
    }

    private Batch reduced(Batch representations) {
        if (reduction.isEmpty()) {
            return representations;
        }
        var matrix = reduction.get().apply(representations, network.input().layout());
        var batch = Batch.allocate(matrix.rows(), Shape.of(matrix.columns()));
        batch.buffer().put(matrix.toFloats());
        return batch;
    }

    private CacheKey identity(String layer) {
        return LayerKey.of(
                        network.spec(),
                        network.sha256(),
                        network.backend(),
                        Fingerprint.of(inputs),
                        layer)
                .with("reduce", reduction.map(RepresentationReduction::word).orElse("none"))
                .with(network.model().runtime());
    }

    /**
     * Notes what the file is going to hold.
     *
     * @return whether that is what an earlier run noted
     */
    private boolean claim(Path file, Path note, Path part, CacheKey identity, boolean replace)
            throws IOException {
        var stored = JsonFile.read(note, SCHEMA).map(found -> identity(found.path(IDENTITY)));
        var differences = stored.map(identity::differencesFrom);
        if (differences.isPresent() && differences.get().isEmpty()) {
            return true;
        }
        if (!replace && (stored.isPresent() || Files.exists(file))) {
            throw new UsageException(
                    "%s holds %s: choose another folder or file, or replace what is there."
                            .formatted(
                                    file,
                                    differences
                                            .map(
                                                    all ->
                                                            "representations of another kind ("
                                                                    + String.join(", ", all)
                                                                    + ")")
                                            .orElse("something else")),
                    Remedy.CHOOSE_ANOTHER_FOLDER,
                    Remedy.REPLACE_RESULTS);
        }
        Files.deleteIfExists(part);
        Files.deleteIfExists(file);
        var document = JsonFile.object(SCHEMA);
        document.put("stir", StirVersion.current());
        document.put("model", network.name());
        document.put("inputs", inputs.source());
        var values = document.putObject(IDENTITY);
        identity.values().forEach(values::put);
        JsonFile.write(note, document);
        return false;
    }

    private static CacheKey identity(JsonNode values) {
        return new CacheKey(new LinkedHashMap<>(JsonFile.texts(values)));
    }
}
