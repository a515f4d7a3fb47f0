package stir.core.representation.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.AtomicFiles;
import stir.core.io.files.JsonFile;
import stir.core.math.statistics.RowsOfInputs;
import stir.core.network.Inconsistency;
import stir.core.network.Network;
import stir.core.network.Resources;
import stir.core.network.pass.CutNetwork;
import stir.core.representation.RepresentationReduction;
import stir.core.runtime.machine.StirVersion;
import stir.core.runtime.progress.Progress;
import stir.core.runtime.progress.ProgressListener;
import stir.core.store.CacheKey;
import stir.core.store.Fingerprint;
import stir.core.store.LayerKey;

/**
 * A {@code .npy} file of representations, one row per input in the inputs' order, which is written
 * in parts and resumed where an earlier run was stopped. {@code FILE.json} next to it records the
 * cache key of the rows; until all rows are written they are in {@code FILE.part}. Memory does not
 * grow with the inputs.
 *
 * <p>The bytes do not depend on interruptions or threads, nor on the batch size unless a network is
 * on a GPU.
 *
 * @since 0.1.0
 */
public final class RepresentationFile {
    private static final String SCHEMA = "stir-representations/1";

    /**
     * The number of inputs by which a resumed run goes back at least, since the last batch may be
     * incomplete on the disk.
     */
    private static final int REWRITTEN = Resources.BATCH_SIZE;

    private final Network network;
    private final Inputs inputs;
    private final Optional<RepresentationReduction> reduction;
    private final boolean allowsInconsistent;

    /** The document next to a file. */
    record Note(
            String schema,
            String stir,
            String model,
            String inputs,
            Map<String, String> identity,
            Optional<String> inconsistency) {}

    /**
     * Creates a writer of representations.
     *
     * @param network the network and the layer to measure at; the caller retains ownership
     * @param inputs the inputs, at least one
     * @param reduction the reduction of each representation; empty for the raw shape
     * @param allowsInconsistent whether the network need not be a function of its input
     */
    public RepresentationFile(
            Network network, Inputs inputs, Optional<RepresentationReduction> reduction, boolean allowsInconsistent) {
        this.network = network.on(inputs);
        this.inputs = inputs;
        this.reduction = reduction;
        this.allowsInconsistent = allowsInconsistent;
    }

    /**
     * Writes all missing rows. A complete file with the same cache key is left as it is.
     *
     * @param file its name ends in {@code .npy}; its folder is created if necessary
     * @param replace whether a file with other content is replaced
     * @param listener the listener that receives the progress
     * @throws UsageException if the file holds something else, or another run writes it
     * @throws BackendException if it can't be written
     * @throws DataException if the network is not a function of its input, and has to be; no row is
     *     kept if its passes have changed
     * @throws java.util.concurrent.CancellationException if the thread is interrupted; finished
     *     rows are kept
     */
    public SavedRepresentations write(Path file, boolean replace, ProgressListener listener) {
        var note = file.resolveSibling(file.getFileName() + ".json");
        var part = file.resolveSibling(file.getFileName() + ".part");
        int batch = Math.min(network.batchSize(), inputs.count());
        try (var cut = CutNetwork.withoutGradients(network, inputs, batch)) {
            var layer = cut.layer();
            var ofInputs = rows(cut.representationShape());
            int rows = ofInputs.rows();
            // Where inputs have different numbers of rows, a resumed run writes all of them again.
            int doubtful =
                    ofInputs.fewest() == ofInputs.most() ? ofInputs.most() * Math.max(batch, REWRITTEN) : rows + 1;
            var shape = reduced(Batch.allocate(1, cut.representationShape()), 0).rowShape();
            var stored = stored(note);
            var cacheKey = cacheKey(layer);
            boolean same = isSame(stored, file, cacheKey, replace);
            int existing = inputs.count();
            boolean isComplete = same && Files.exists(file);
            var inconsistency = isComplete
                    ? stored.flatMap(Note::inconsistency).flatMap(Inconsistency::ofKind)
                    : cut.inconsistency(inputs);
            if (inconsistency.isPresent()) {
                if (!allowsInconsistent) {
                    throw inconsistency.get().refusal(network.spec().file().toString());
                }
                cut.ignoreChanges();
            }
            if (!isComplete) {
                if (!same) {
                    begin(file, note, part, cacheKey, inconsistency);
                }
                try (var writer = NpyWriter.resume(part, rows, shape, doubtful)) {
                    existing = writer.written() / ofInputs.most();
                    represent(cut, writer, existing, batch, listener);
                    writer.complete();
                }
                var change = cut.change();
                if (change.isPresent()) {
                    Files.delete(part);
                    Files.delete(note);
                    throw change.get();
                }
                AtomicFiles.complete(part, file);
            }
            return new SavedRepresentations(file, layer, shape, rows, inputs.count(), existing, inconsistency);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be written (%s): free disk space, or name another file."
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private void represent(CutNetwork cut, NpyWriter writer, int from, int batch, ProgressListener listener) {
        for (int next = from; next < inputs.count(); next += batch) {
            int count = Math.min(batch, inputs.count() - next);
            var into = Batch.allocate(count, cut.representationShape());
            cut.represent(inputs, next, into);
            writer.write(reduced(into, next));
            writer.sync();
            listener.update(new Progress("Representing at " + cut.layer(), next + count, inputs.count(), Double.NaN));
        }
    }

    private RowsOfInputs rows(Shape shape) {
        int count = inputs.count();
        return reduction
                .map(one -> one.rows(
                        count, shape, network.input().layout(), inputs.facts().lengths()))
                .orElseGet(() -> RowsOfInputs.alike(count, 1));
    }

    /** Returns the reduced representations of consecutive inputs. */
    private Batch reduced(Batch representations, int from) {
        if (reduction.isEmpty()) {
            return representations;
        }
        var lengths = inputs.facts().lengths().at(row -> from + row);
        var matrix = reduction.get().apply(representations, network.input().layout(), lengths);
        var batch = Batch.allocate(matrix.rows(), Shape.of(matrix.columns()));
        batch.buffer().put(matrix.toFloats());
        return batch;
    }

    private CacheKey cacheKey(String layer) {
        return LayerKey.of(network.spec(), network.identity(), Fingerprint.of(inputs), layer)
                .with("reduce", reduction.map(RepresentationReduction::word).orElse("none"))
                .with(network.model().runtime());
    }

    private static Optional<Note> stored(Path note) {
        return JsonFile.read(note, SCHEMA, Note.class);
    }

    /**
     * Returns whether an earlier run recorded the same cache key.
     *
     * @throws UsageException if the file holds something else, which is not to be replaced
     */
    private static boolean isSame(Optional<Note> stored, Path file, CacheKey cacheKey, boolean replace) {
        var differences = stored.map(note -> cacheKey.differencesFrom(new CacheKey(note.identity())));
        if (differences.isPresent() && differences.get().isEmpty()) {
            return true;
        }
        if (!replace && (stored.isPresent() || Files.exists(file))) {
            throw new UsageException(
                    "%s contains %s: choose another folder or file, or replace what is there."
                            .formatted(
                                    file,
                                    differences
                                            .map(all -> String.join(", ", all))
                                            .map("representations of another kind (%s)"::formatted)
                                            .orElse("something else")),
                    Remedy.CHOOSE_ANOTHER_FOLDER,
                    Remedy.REPLACE_RESULTS);
        }
        return false;
    }

    /** Removes what is there, and records the cache key of the rows to come. */
    private void begin(Path file, Path note, Path part, CacheKey cacheKey, Optional<Inconsistency> inconsistency)
            throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(file);
        JsonFile.write(
                note,
                new Note(
                        SCHEMA,
                        StirVersion.current(),
                        network.name(),
                        inputs.facts().source(),
                        cacheKey.values(),
                        inconsistency.map(Inconsistency::kind)));
    }
}
