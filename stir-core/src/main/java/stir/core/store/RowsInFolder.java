package stir.core.store;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.UsageException;
import stir.core.arrays.NpyRowWriter;
import stir.core.arrays.NpyRows;
import stir.core.files.ContentHash;
import stir.core.files.WholeFiles;
import stir.core.inversion.Inversion;
import stir.core.inversion.ResultFolder;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Keeps rows in a folder, from which a search goes on after its process was killed.
 *
 * <p>While the search runs, {@code progress} holds blocks of rows ({@link RowBlock}), each written
 * under another name, brought to the disk and renamed. When it is complete, {@code invariant.npy}
 * holds the invariant inputs and {@code rows.csv} how good they are; {@code manifest.txt}, which
 * tells what they belong to, has their hashes then; and {@code progress} goes. Files that are
 * damaged are dropped, and their rows are searched for again.
 */
public final class RowsInFolder implements FoundRows {
    private static final String PIXELS = "invariant.npy";
    private static final String TABLE = "rows.csv";
    private static final String FAKE_RELU = "fake-relu";
    private static final String CALIBRATION = "calibration-row-passes";
    private static final int BLOCK_BYTES = 4 << 20;

    private final ClaimedFolder folder;
    private final RowLayout layout;
    private final RowBlock block;
    private final BlockFolder blocks;
    private final SaveTimes times;
    private final BitSet found = new BitSet();
    private boolean complete;

    private RowsInFolder(
            ClaimedFolder folder, RowLayout layout, WholeFiles files, LongSupplier clock) {
        this.folder = folder;
        this.layout = layout;
        int rowBytes = Float.BYTES * layout.shape().size();
        int rows = Math.max(1, Math.min(layout.count(), BLOCK_BYTES / rowBytes));
        block = new RowBlock(folder.identity().hash(), layout, rows);
        blocks = new BlockFolder(folder.path().resolve("progress"), files);
        times = new SaveTimes(clock);
    }

    /**
     * Opens a folder and takes what it holds of the same search.
     *
     * @param place which; created if need be
     * @param identity what the search depends on
     * @param layout what there is of each row
     * @param notes told what was found there, a sentence each
     * @throws UsageException as {@link ClaimedFolder#of}
     * @throws BackendException if it can't be read or written
     */
    public static RowsInFolder open(
            ResultFolder place, Identity identity, RowLayout layout, Consumer<String> notes) {
        return open(place, identity, layout, notes, new WholeFiles(), System::nanoTime);
    }

    static RowsInFolder open(
            ResultFolder place,
            Identity identity,
            RowLayout layout,
            Consumer<String> notes,
            WholeFiles files,
            LongSupplier clock) {
        var folder = ClaimedFolder.of(place, identity, files);
        try {
            var rows = new RowsInFolder(folder, layout, files, clock);
            rows.load(notes);
            return rows;
        } catch (IOException e) {
            folder.close();
            throw notWritten(place.path(), e);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static RuntimeException notWritten(Path folder, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new CancellationException("The work was interrupted");
        }
        return new BackendException(
                "%s could not be written or read (%s): free some disk or mend its permissions, and run the same command again."
                        .formatted(folder, e),
                e);
    }

    private void load(Consumer<String> notes) throws IOException {
        if (!folder.results().isEmpty()) {
            if (isWhole(PIXELS) && isWhole(TABLE)) {
                complete = true;
                blocks.delete(); // a killed process may have left them
                notes.accept(
                        "%s holds this search already, complete: it is used as it is."
                                .formatted(folder.path()));
                return;
            }
            notes.accept(
                    "The results in %s are damaged: they are dropped, and searched for again."
                            .formatted(folder.path()));
            folder.setResults(Map.of());
        }
        var whole = new ArrayList<Path>();
        for (Path file : blocks.blocks()) {
            if (block.read(file, layout.count(), (index, outcome, values) -> found.set(index))) {
                whole.add(file);
            } else {
                blocks.drop(file);
                notes.accept(
                        "%s is damaged, or of other settings: it is dropped, and its rows are searched for again."
                                .formatted(file));
            }
        }
        blocks.prepare(whole, block.mostFileBytes());
        if (!found.isEmpty()) {
            notes.accept(
                    "%s holds %d of %d inputs of this search: it goes on with the others."
                            .formatted(folder.path(), found.cardinality(), layout.count()));
        }
    }

    private boolean isWhole(String name) throws IOException {
        var file = folder.path().resolve(name);
        return Files.isRegularFile(file)
                && ContentHash.of(file).equals(folder.results().get(hashOf(name)));
    }

    private static String hashOf(String file) {
        return "sha256 of " + file;
    }

    @Override
    public Optional<Inversion> inversion() {
        return complete ? Optional.of(read()) : Optional.empty();
    }

    @Override
    public synchronized BitSet found() {
        return (BitSet) found.clone();
    }

    @Override
    public synchronized void add(int index, Batch pixels, int row, RowOutcome outcome) {
        if (block.isFull()) {
            save();
        }
        block.add(index, pixels, row, outcome);
        found.set(index);
    }

    @Override
    public synchronized void checkpoint() {
        if (block.rows() > 0 && (block.isFull() || times.isDue())) {
            save();
        }
    }

    private void save() {
        int rows = block.rows();
        try {
            blocks.write(block);
            block.clear();
            times.saved();
        } catch (IOException e) {
            boolean saved = saveInReserve(e);
            throw new BackendException(
                    "%s could not be written (%s); %s: free some disk, and run the same command again to go on."
                            .formatted(
                                    folder.path(),
                                    e.getMessage(),
                                    saved
                                            ? "all that was found is saved"
                                            : "the last %d rows are lost".formatted(rows)),
                    e);
        }
    }

    /** Saves the last rows where disk was kept free for them; they are given up otherwise. */
    private boolean saveInReserve(IOException failure) {
        try {
            blocks.giveReserve();
            blocks.write(block);
            return true;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        } finally {
            block.clear();
        }
    }

    @Override
    public synchronized Inversion finish(boolean fakeRelu, int calibrationPasses) {
        if (found.cardinality() < layout.count()) {
            throw new IllegalStateException(
                    found.cardinality() + " of " + layout.count() + " inputs were found");
        }
        if (block.rows() > 0) {
            save();
        }
        try {
            blocks.giveReserve();
            var outcomes = gather();
            folder.write(TABLE, out -> RowTable.write(outcomes, out));
            var results = new LinkedHashMap<String, String>();
            results.put(FAKE_RELU, Boolean.toString(fakeRelu));
            results.put(CALIBRATION, Integer.toString(calibrationPasses));
            for (String file : List.of(PIXELS, TABLE)) {
                results.put(hashOf(file), ContentHash.of(folder.path().resolve(file)));
            }
            folder.setResults(results);
            complete = true;
            blocks.delete();
        } catch (IOException e) {
            throw notWritten(folder.path(), e);
        }
        return read();
    }

    /** Puts the blocks' rows together into one file, and returns their outcomes. */
    private RowOutcomes gather() throws IOException {
        var outcomes = new RowOutcomes(layout);
        var file = folder.path().resolve(PIXELS);
        var unfinished = WholeFiles.unfinished(file);
        var gathered = new BitSet();
        try (var writer = new NpyRowWriter(unfinished, layout.count(), layout.shape())) {
            for (Path each : blocks.blocks()) {
                block.read(
                        each,
                        layout.count(),
                        (index, outcome, values) -> {
                            outcomes.set(index, outcome);
                            writer.write(index, values);
                            gathered.set(index);
                        });
            }
            writer.sync();
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        if (gathered.cardinality() < layout.count()) {
            Files.delete(unfinished);
            throw new IOException("rows that were saved can't be read any more");
        }
        WholeFiles.complete(unfinished, file);
        return outcomes;
    }

    private Inversion read() {
        try {
            var outcomes = RowTable.read(folder.path().resolve(TABLE), layout);
            return outcomes.with(
                    new RowFile(NpyRows.open(folder.path().resolve(PIXELS)), layout.shape()),
                    Boolean.parseBoolean(result(FAKE_RELU)),
                    Integer.parseInt(result(CALIBRATION)));
        } catch (IOException e) {
            throw notWritten(folder.path(), e);
        }
    }

    private String result(String name) {
        return Objects.requireNonNull(folder.results().get(name), name);
    }

    /** Saves what was found and lets go of the folder; a second call does nothing. */
    @Override
    public synchronized void close() {
        try (folder) {
            if (!complete && block.rows() > 0) {
                save();
            }
        }
    }
}
