package stir.core.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.support.IoReason;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.inversion.search.CheckpointSchedule;
import stir.core.inversion.search.FinishedRows;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.RowOutcomes;
import stir.core.inversion.search.RunMetadata;
import stir.core.inversion.search.SearchStore;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.AtomicFiles;
import stir.core.io.files.ContentHash;
import stir.core.io.files.JsonFile;
import stir.core.io.files.SharedFolder;

/**
 * A search that is stored in a folder, from which it can be resumed after its process was killed.
 *
 * <p>While it runs, {@code progress} holds for each range of inputs blocks of rows ({@link
 * RowBlock}), each written under another name, brought to the disk and renamed; several processes
 * may add blocks, also of the same rows, which are the same wherever they are found. When the
 * search is gathered, {@code invariant.npy} holds the invariant inputs, {@code rows.csv} their
 * quality, and {@code search.json} their cache key and their hashes; and {@code progress} is
 * deleted. Damaged files are deleted, and their rows are searched for again.
 */
public final class SearchFolder implements SearchStore {
    /** The invariant inputs, values of the inputs' range. */
    public static final String PIXELS = "invariant.npy";

    /** Their quality, one row per input. */
    public static final String TABLE = "rows.csv";

    /** Their cache key and their hashes. */
    public static final String DOCUMENT = "search.json";

    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})-([0-9]{1,9})");

    private final Path path;
    private final CacheKey cacheKey;
    private final RowLayout layout;
    private final AtomicFiles files;
    private final LongSupplier clock;
    private Optional<Inversion> inversion = Optional.empty();

    /**
     * Creates the store of a search; reads and writes nothing yet.
     *
     * @param path its folder, which may not exist yet
     * @param cacheKey the values that it depends on
     */
    public SearchFolder(Path path, CacheKey cacheKey, RowLayout layout) {
        this(path, cacheKey, layout, new AtomicFiles(), System::nanoTime);
    }

    SearchFolder(Path path, CacheKey cacheKey, RowLayout layout, AtomicFiles files, LongSupplier clock) {
        this.path = path;
        this.cacheKey = cacheKey;
        this.layout = layout;
        this.files = files;
        this.clock = clock;
    }

    /**
     * Returns the values that a complete search depends on; empty if it is not complete.
     *
     * @throws stir.api.DataException if its document is damaged, or of another version
     */
    public static Optional<CacheKey> cacheKey(Path path) {
        return SearchDocument.read(path).map(document -> new CacheKey(document.identity()));
    }

    /** Returns the machines that computed a complete search, where they differ. */
    public static List<Map<String, String>> machines(Path path) {
        return SearchDocument.read(path).map(SearchDocument::machines).orElse(List.of());
    }

    /**
     * Returns a complete search of any cache key.
     *
     * @param path its folder
     * @return empty if it is not complete
     * @throws DataException if a file of it is not as it was written
     */
    public static Optional<Inversion> stored(Path path) {
        var document = SearchDocument.read(path);
        if (document.isEmpty()) {
            return Optional.empty();
        }
        var pixels = WrittenInputs.of(path.resolve(PIXELS));
        return stored(path, document, pixels.count(), pixels.shape());
    }

    /**
     * Returns a complete search of a network's layer.
     *
     * @param sha256 the hash of the network's file; empty if it came from none
     * @param count the number of inputs
     * @param shape the shape of an input
     * @throws DataException as {@link #stored(Path)}, or if it is a search of another network, or of
     *     another number or shape of inputs
     */
    public static Optional<Inversion> stored(Path path, String sha256, String layer, int count, Shape shape) {
        var document = SearchDocument.read(path);
        if (document.isPresent() && !LayerKey.isOf(new CacheKey(document.get().identity()), sha256, layer)) {
            throw new DataException(
                    "%s has a search of another network or layer: remove it, and run the study again.".formatted(path));
        }
        return stored(path, document, count, shape);
    }

    private static Optional<Inversion> stored(Path path, Optional<SearchDocument> document, int count, Shape shape) {
        if (document.isEmpty()) {
            return Optional.empty();
        }
        var layout = new RowLayout(
                count,
                shape,
                CheckpointSchedule.at(document.get().passes()),
                ValueRange.ofStored(
                        Optional.ofNullable(document.get().identity().get(CacheKey.RANGE))));
        var folder = new SearchFolder(path, new CacheKey(document.get().identity()), layout);
        try {
            var damaged = damaged(path, document.get());
            if (damaged.isPresent()) {
                throw new DataException(
                        "%s is damaged or was changed: run the study again to recreate it.".formatted(damaged.get()));
            }
            return Optional.of(folder.read(document.get()));
        } catch (IOException e) {
            throw folder.failure(e);
        }
    }

    private RuntimeException failure(IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new CancellationException("The work was interrupted");
        }
        return new BackendException(
                "%s could not be written or read (%s): %s, and run the same command again."
                        .formatted(path, IoReason.of(e), IoReason.remedy(e)),
                e);
    }

    private Path progress() {
        return path.resolve("progress");
    }

    private Path range(int from, int to) {
        return progress().resolve("%d-%d".formatted(from, to));
    }

    /** Returns the document of a complete search, if the hashes of both files are right. */
    private Optional<SearchDocument> document() throws IOException {
        var document = SearchDocument.read(path);
        if (document.isEmpty() || !new CacheKey(document.get().identity()).equals(cacheKey)) {
            return Optional.empty();
        }
        return damaged(path, document.get()).isEmpty() ? document : Optional.empty();
    }

    /** Returns a file of a complete search that is missing, or is not as it was written. */
    private static Optional<Path> damaged(Path path, SearchDocument document) throws IOException {
        for (var name : List.of(PIXELS, TABLE)) {
            var file = path.resolve(name);
            if (!Files.isRegularFile(file)
                    || !ContentHash.of(file).equals(document.sha256().get(name))) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    @Override
    public synchronized Optional<Inversion> inversion() {
        if (inversion.isEmpty()) {
            try {
                var document = document();
                if (document.isPresent()) {
                    inversion = Optional.of(read(document.get()));
                }
            } catch (IOException e) {
                throw failure(e);
            }
        }
        return inversion;
    }

    private Inversion read(SearchDocument document) throws IOException {
        var pixels = WrittenInputs.of(path.resolve(PIXELS));
        if (pixels.count() != layout.count() || !pixels.shape().equals(layout.shape())) {
            throw new DataException(
                    "%s holds %d inputs of %s, not %d of %s: remove the folder to compute its rows again."
                            .formatted(pixels.file(), pixels.count(), pixels.shape(), layout.count(), layout.shape()));
        }
        return RowOutcomes.read(path.resolve(TABLE), layout)
                .with(pixels.in(layout.range()), new RunMetadata(document.fakeRelu(), Map.of()));
    }

    @Override
    public BitSet finished(int from, int to) {
        var finished = new BitSet();
        try {
            for (var range : ranges(from, to)) {
                for (var file : blocks(range)) {
                    read(file, (index, outcome, values) -> finished.set(index));
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        finished.clear(0, from);
        finished.clear(to, Math.max(to, finished.length()));
        return finished;
    }

    @Override
    public boolean isFinished() {
        if (inversion().isPresent()) {
            return true;
        }
        long bytes = 0;
        try {
            for (var block : allBlocks()) {
                bytes += Files.size(block);
            }
        } catch (NoSuchFileException e) { // gathered by another process meanwhile
            return inversion().isPresent();
        } catch (IOException e) {
            throw failure(e);
        }
        long fewest = (long) Float.BYTES * layout.shape().size() * layout.count();
        return bytes >= fewest && finished(0, layout.count()).cardinality() == layout.count();
    }

    /** Returns the folders of the ranges that have an input of a range. */
    private List<Path> ranges(int from, int to) throws IOException {
        return ranges().stream()
                .filter(folder -> {
                    var name = RANGE.matcher(folder.getFileName().toString());
                    return name.matches()
                            && Integer.parseInt(name.group(1)) < to
                            && Integer.parseInt(name.group(2)) > from;
                })
                .toList();
    }

    /** Returns the folders of all ranges, in the order of their names. */
    private List<Path> ranges() throws IOException {
        if (!Files.isDirectory(progress())) {
            return List.of();
        }
        try (Stream<Path> ranges = Files.list(progress())) {
            return ranges.filter(Files::isDirectory).sorted().toList();
        } catch (NoSuchFileException e) { // gathered by another process meanwhile
            return List.of();
        }
    }

    private Optional<RunMetadata> read(Path block, RowBlock.RowConsumer reader) throws IOException {
        try {
            return RowBlock.read(block, cacheKey.hash(), layout, reader);
        } catch (NoSuchFileException e) { // gathered by another process meanwhile
            return Optional.empty();
        }
    }

    /** Returns the blocks of a range, in the order of their names. */
    static List<Path> blocks(Path range) throws IOException {
        if (!Files.isDirectory(range)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(range)) {
            return entries.filter(RangeWriter::isBlock).sorted().toList();
        } catch (NoSuchFileException e) { // gathered by another process meanwhile
            return List.of();
        }
    }

    @Override
    public FinishedRows open(int from, int to, RunMetadata metadata, Consumer<String> notes) {
        if (Files.exists(path.resolve(DOCUMENT)) && inversion().isEmpty()) {
            notes.accept("%s is damaged, or of other settings: its rows are searched for again.".formatted(path));
        }
        try {
            return RangeWriter.open(
                    range(from, to), finished(from, to), cacheKey.hash(), metadata, layout, notes, files, clock);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public synchronized Inversion gather() {
        var complete = inversion();
        if (complete.isEmpty()) {
            try {
                complete = Optional.of(gatherBlocks());
            } catch (IOException | IllegalStateException e) {
                // Another process may have gathered the blocks meanwhile, and removed them.
                complete = inversion();
                if (complete.isEmpty()) {
                    throw e instanceof IOException io ? failure(io) : (IllegalStateException) e;
                }
            }
        }
        deleteProgress(); // a killed process may have left it
        return complete.get();
    }

    private Inversion gatherBlocks() throws IOException {
        var outcomes = new RowOutcomes(layout);
        var metadata = writePixels(allBlocks(), outcomes);
        files.write(path.resolve(TABLE), outcomes::write);
        var document = document(metadata, outcomes);
        JsonFile.write(path.resolve(DOCUMENT), document);
        var gathered = read(document);
        inversion = Optional.of(gathered);
        return gathered;
    }

    private List<Path> allBlocks() throws IOException {
        var all = new ArrayList<Path>();
        for (var range : ranges()) {
            all.addAll(blocks(range));
        }
        return all;
    }

    /**
     * Writes the invariant inputs in the order of the inputs, and sets their outcomes.
     *
     * @return how the rows of each block were found; damaged blocks and those of another search
     *     have none
     */
    private List<RunMetadata> writePixels(List<Path> blocks, RowOutcomes outcomes) throws IOException {
        var rows = new BlockRows(layout);
        var metadata = new ArrayList<RunMetadata>();
        for (int i = 0; i < blocks.size(); i++) {
            int block = i;
            read(blocks.get(i), (index, outcome, values) -> {
                        outcomes.set(index, outcome);
                        rows.note(index, block);
                    })
                    .ifPresent(metadata::add);
        }
        if (rows.missing() > 0) {
            throw new IllegalStateException("%d of %d inputs are missing".formatted(rows.missing(), layout.count()));
        }
        var unfinished = AtomicFiles.unfinished(path.resolve(PIXELS));
        try (var writer = new NpyWriter(unfinished, layout.count(), layout.shape())) {
            var row = Batch.allocate(1, layout.shape());
            for (int index = 0; index < layout.count(); index++) {
                row.buffer().put(0, rows.read(index, block -> valuesOf(blocks.get(block))));
                layout.range().fromUnit(row, 0);
                writer.write(row);
            }
            writer.complete();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        AtomicFiles.complete(unfinished, path.resolve(PIXELS));
        return metadata;
    }

    private Map<Integer, float[]> valuesOf(Path block) throws IOException {
        var values = new LinkedHashMap<Integer, float[]>();
        if (read(block, (index, outcome, row) -> values.put(index, row.clone())).isEmpty()) {
            throw new IOException("rows that were saved can't be read any more");
        }
        return values;
    }

    private SearchDocument document(List<RunMetadata> ofBlocks, RowOutcomes outcomes) throws IOException {
        Set<Map<String, String>> machines = new LinkedHashSet<>();
        boolean fakeRelu = false;
        for (var metadata : ofBlocks) {
            machines.add(new TreeMap<>(metadata.machine()));
            fakeRelu = metadata.fakeRelu();
        }
        var hashes = new LinkedHashMap<String, String>();
        for (var name : List.of(PIXELS, TABLE)) {
            hashes.put(name, ContentHash.of(path.resolve(name)));
        }
        return SearchDocument.of(
                cacheKey,
                machines.stream().sorted(Comparator.comparing(Map::toString)).toList(),
                fakeRelu,
                outcomes,
                hashes);
    }

    private void deleteProgress() {
        try {
            SharedFolder.delete(progress());
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
