package stir.core.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.support.IoReason;
import stir.core.inversion.search.FinishedRows;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.RowOutcome;
import stir.core.inversion.search.RunMetadata;
import stir.core.io.files.AtomicFiles;
import stir.core.io.files.SharedFolder;

/**
 * Writes the rows of a range of inputs into a folder, which other attempts may write into as well.
 * Some disk is kept free for the last block.
 */
final class RangeWriter implements FinishedRows {
    private static final String ENDING = ".rows";
    private static final int BLOCK_BYTES = 4 << 20;

    private final Path folder;
    private final RowBlock block;
    private final AtomicFiles files;
    private final SaveTimes times;
    private final BitSet finished;
    private final Path reserve;
    private final String attempt = UUID.randomUUID().toString();
    private int next;

    private RangeWriter(
            Path folder, RowBlock block, AtomicFiles files, LongSupplier clock, BitSet finished, Path reserve) {
        this.folder = folder;
        this.block = block;
        this.files = files;
        this.times = new SaveTimes(clock);
        this.finished = finished;
        this.reserve = reserve;
    }

    /** Returns whether a file is a complete block of rows. */
    static boolean isBlock(Path file) {
        return file.toString().endsWith(ENDING) && !AtomicFiles.isUnfinished(file);
    }

    /**
     * Opens a folder and reads its rows.
     *
     * @param elsewhere inputs that searches for other ranges have found
     * @param notes the consumer that receives a sentence about damaged files and about rows that
     *     were found
     */
    static RangeWriter open(
            Path folder,
            BitSet elsewhere,
            String keyHash,
            RunMetadata metadata,
            RowLayout layout,
            Consumer<String> notes,
            AtomicFiles files,
            LongSupplier clock)
            throws IOException {
        Files.createDirectories(folder);
        var finished = new BitSet();
        for (var file : SearchFolder.blocks(folder)) {
            if (RowBlock.read(file, keyHash, layout, (index, outcome, values) -> finished.set(index))
                    .isEmpty()) {
                Files.deleteIfExists(file);
                notes.accept("%s is damaged, or of other settings: it is dropped, and its rows are searched for again."
                        .formatted(file));
            }
        }
        finished.or(elsewhere);
        if (!finished.isEmpty()) {
            notes.accept("%s contains %d inputs of this search, which continues with the others."
                    .formatted(folder, finished.cardinality()));
        }
        int rowBytes = Float.BYTES * layout.shape().size();
        int rows = Math.max(1, Math.min(layout.count(), BLOCK_BYTES / rowBytes));
        var block = new RowBlock(keyHash, metadata, layout, rows);
        return new RangeWriter(folder, block, files, clock, finished, reserve(folder, files, block.mostFileBytes()));
    }

    /** Writes a file with an unfinished one's name, whose disk is kept for the last block. */
    private static Path reserve(Path folder, AtomicFiles files, int bytes) throws IOException {
        var reserve = AtomicFiles.unfinished(folder.resolve("reserve"));
        var zeros = new byte[1 << 16];
        files.write(reserve, out -> {
            for (int left = bytes; left > 0; left -= zeros.length) {
                out.write(zeros, 0, Math.min(left, zeros.length));
            }
        });
        return reserve;
    }

    @Override
    public synchronized BitSet finished() {
        return (BitSet) finished.clone();
    }

    @Override
    public synchronized void add(int index, Batch pixels, int row, RowOutcome outcome) {
        if (block.isFull()) {
            save();
        }
        block.add(index, pixels, row, outcome);
        finished.set(index);
    }

    @Override
    public synchronized void checkpoint() {
        if (block.rows() > 0 && (block.isFull() || times.isDue())) {
            save();
        }
    }

    private void write() throws IOException {
        files.write(folder.resolve("%s-%08d%s".formatted(attempt, next, ENDING)), block::writeTo);
        next++;
        block.clear();
    }

    private void save() {
        int rows = block.rows();
        try {
            write();
            times.saved();
        } catch (IOException e) {
            boolean saved = saveInReserve(e);
            throw new BackendException(
                    "Cannot write to %s (%s), and %s: %s, then run the same command to continue."
                            .formatted(
                                    folder,
                                    IoReason.of(e),
                                    saved ? "those so far are saved" : "the last %d rows are lost".formatted(rows),
                                    IoReason.remedy(e)),
                    e);
        }
    }

    /** Saves the last rows on the reserved disk; they are lost if that fails. */
    private boolean saveInReserve(IOException failure) {
        try {
            Files.deleteIfExists(reserve);
            write();
            return true;
        } catch (IOException e) {
            failure.addSuppressed(e);
            return false;
        } finally {
            block.clear();
        }
    }

    @Override
    public synchronized void discard() {
        block.clear();
        try {
            SharedFolder.delete(folder);
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be deleted (%s): delete it, because its rows do not come from one function."
                            .formatted(folder, IoReason.of(e)),
                    e);
        }
    }

    /** Saves the rows. Idempotent. */
    @Override
    public synchronized void close() {
        try {
            if (block.rows() > 0) {
                save();
            }
        } finally {
            try {
                Files.deleteIfExists(reserve);
            } catch (IOException e) { // the next run removes it
                System.getLogger(RangeWriter.class.getName())
                        .log(System.Logger.Level.DEBUG, "The reserve could not be removed", e);
            }
        }
    }
}
