package stir.core.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.BackendException;
import stir.api.Batch;
import stir.api.support.IoReason;
import stir.core.arrays.NpyWriter;
import stir.core.files.AtomicFiles;
import stir.core.files.ContentHash;
import stir.core.files.JsonFile;
import stir.core.files.SharedFolder;
import stir.core.inversion.Inversion;

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

/**
 * A search that is kept in a folder, from which it goes on after its process was killed.
 *
 * <p>While it runs, {@code progress} holds what was learnt before it, and for each range of inputs
 * blocks of rows ({@link RowBlock}), each written under another name, brought to the disk and
 * renamed; several processes may add blocks, also of the same rows, which are the same wherever
 * they are found. When the search is gathered, {@code invariant.npy} holds the invariant inputs,
 * {@code rows.csv} how good they are, and {@code search.json} what they belong to and their hashes;
 * and {@code progress} goes. Files that are damaged are dropped, and their rows are searched for
 * again.
 */
public final class SearchFolder implements SearchPlace {
    /** The invariant inputs. */
    public static final String PIXELS = "invariant.npy";

    /** How good they are, a row each. */
    public static final String TABLE = "rows.csv";

    /** What they belong to. */
    public static final String DOCUMENT = "search.json";

    private static final String SCHEMA = "stir-search/1";
    private static final String IDENTITY = "identity";
    private static final String FILES = "sha256";
    private static final String FAKE_RELU = "fake-relu";
    private static final String MACHINES = "machines";
    private static final Pattern RANGE = Pattern.compile("([0-9]{1,9})-([0-9]{1,9})");

    private final Path path;
    private final CacheKey identity;
    private final RowLayout layout;
    private final AtomicFiles files;
    private final LongSupplier clock;
    private Optional<Inversion> inversion = Optional.empty();

    /**
     * A search.
     *
     * @param path its folder, which may not exist yet
     * @param identity what it depends on
     * @param layout what there is of each row
     */
    public SearchFolder(Path path, CacheKey identity, RowLayout layout) {
        this(path, identity, layout, new AtomicFiles(), System::nanoTime);
    }

    SearchFolder(
            Path path, CacheKey identity, RowLayout layout, AtomicFiles files, LongSupplier clock) {
        this.path = path;
        this.identity = identity;
        this.layout = layout;
        this.files = files;
        this.clock = clock;
    }

    /**
     * What a folder's search depends on, once it is complete.
     *
     * @throws stir.api.DataException if its document is damaged, or of another version
     */
    public static Optional<CacheKey> identity(Path path) {
        return JsonFile.read(path.resolve(DOCUMENT), SCHEMA).map(SearchFolder::identity);
    }

    private static CacheKey identity(ObjectNode document) {
        return new CacheKey(JsonFile.texts(document.path(IDENTITY)));
    }

    /** The machines that computed a complete search, as far as they differ. */
    public static List<Map<String, String>> machines(Path path) {
        var machines = new ArrayList<Map<String, String>>();
        JsonFile.read(path.resolve(DOCUMENT), SCHEMA)
                .ifPresent(
                        document ->
                                document.path(MACHINES)
                                        .forEach(node -> machines.add(JsonFile.texts(node))));
        return machines;
    }

    /**
     * A complete search, whatever it belongs to.
     *
     * @param path its folder
     * @return empty if it is not complete
     */
    public static Optional<Inversion> stored(Path path) {
        var document = JsonFile.read(path.resolve(DOCUMENT), SCHEMA);
        if (document.isEmpty()) {
            return Optional.empty();
        }
        var pixels = WrittenInputs.of(path.resolve(PIXELS));
        var layout =
                new RowLayout(
                        pixels.count(),
                        pixels.shape(),
                        Milestones.at(RowOutcomes.passes(document.get())));
        var folder = new SearchFolder(path, identity(document.get()), layout);
        try {
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
                "%s could not be written or read (%s): free some disk or mend its permissions, and run the same command again."
                        .formatted(path, IoReason.of(e)),
                e);
    }

    private Path progress() {
        return path.resolve("progress");
    }

    private Path range(int from, int to) {
        return progress().resolve("%d-%d".formatted(from, to));
    }

    /**
     * Whether the search is complete: its document is there, and the files that it names are whole.
     */
    private Optional<ObjectNode> document() throws IOException {
        var document = JsonFile.read(path.resolve(DOCUMENT), SCHEMA);
        if (document.isEmpty() || !identity(document.get()).equals(identity)) {
            return Optional.empty();
        }
        for (var name : List.of(PIXELS, TABLE)) {
            var file = path.resolve(name);
            if (!Files.isRegularFile(file)
                    || !ContentHash.of(file)
                            .equals(document.get().path(FILES).path(name).asText())) {
                return Optional.empty();
            }
        }
        return document;
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

    private Inversion read(ObjectNode document) throws IOException {
        var outcomes = RowTable.read(path.resolve(TABLE), layout);
        return outcomes.with(
                WrittenInputs.of(path.resolve(PIXELS)),
                new Circumstances(document.path(FAKE_RELU).asBoolean(), Map.of()));
    }

    @Override
    public BitSet found(int from, int to) {
        var found = new BitSet();
        try {
            for (var range : ranges(from, to)) {
                for (var file : blocks(range)) {
                    read(file, (index, outcome, values) -> found.set(index));
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
        found.clear(0, from);
        found.clear(to, Math.max(to, found.length()));
        return found;
    }

    @Override
    public boolean isFound() {
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
        return bytes >= fewest && found(0, layout.count()).cardinality() == layout.count();
    }

    /** The folders of the ranges that have an input of a range. */
    private List<Path> ranges(int from, int to) throws IOException {
        return ranges().stream()
                .filter(
                        folder -> {
                            var name = RANGE.matcher(folder.getFileName().toString());
                            return name.matches()
                                    && Integer.parseInt(name.group(1)) < to
                                    && Integer.parseInt(name.group(2)) > from;
                        })
                .toList();
    }

    /** The folders of all ranges, in the order of their names. */
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

    private Optional<Circumstances> read(Path block, RowBlock.Reader reader) throws IOException {
        try {
            return RowBlock.read(block, identity.hash(), layout, reader);
        } catch (NoSuchFileException e) { // gathered by another process meanwhile
            return Optional.empty();
        }
    }

    /** The blocks of a range, in the order of their names. */
    static List<Path> blocks(Path range) throws IOException {
        if (!Files.isDirectory(range)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(range)) {
            return entries.filter(RowsOfRange::isBlock).sorted().toList();
        } catch (NoSuchFileException e) { // gathered by another process meanwhile
            return List.of();
        }
    }

    @Override
    public FoundRows open(int from, int to, Circumstances circumstances, Consumer<String> notes) {
        if (Files.exists(path.resolve(DOCUMENT)) && inversion().isEmpty()) {
            notes.accept(
                    "%s is damaged, or of other settings: its rows are searched for again."
                            .formatted(path));
        }
        try {
            return RowsOfRange.open(
                    range(from, to),
                    found(from, to),
                    identity.hash(),
                    circumstances,
                    layout,
                    notes,
                    files,
                    clock);
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
        var circumstances = writePixels(allBlocks(), outcomes);
        files.write(path.resolve(TABLE), out -> RowTable.write(outcomes, out));
        var document = document(circumstances, outcomes);
        JsonFile.write(path.resolve(DOCUMENT), document);
        var found = read(document);
        inversion = Optional.of(found);
        return found;
    }

    private List<Path> allBlocks() throws IOException {
        var all = new ArrayList<Path>();
        for (var range : ranges()) {
            all.addAll(blocks(range));
        }
        return all;
    }

    /**
     * Writes the invariant inputs in the order of the inputs, and notes their outcomes.
     *
     * @return how the rows of each block were found; damaged blocks and those of another search
     *     have none
     */
    private List<Circumstances> writePixels(List<Path> blocks, RowOutcomes outcomes)
            throws IOException {
        var rows = new BlockRows(layout);
        var found = new ArrayList<Circumstances>();
        for (int i = 0; i < blocks.size(); i++) {
            int block = i;
            read(
                            blocks.get(i),
                            (index, outcome, values) -> {
                                outcomes.set(index, outcome);
                                rows.note(index, block);
                            })
                    .ifPresent(found::add);
        }
        if (rows.missing() > 0) {
            throw new IllegalStateException(
                    "%d of %d inputs are not found yet".formatted(rows.missing(), layout.count()));
        }
        var unfinished = AtomicFiles.unfinished(path.resolve(PIXELS));
        try (var writer = new NpyWriter(unfinished, layout.count(), layout.shape())) {
            var row = Batch.allocate(1, layout.shape());
            for (int index = 0; index < layout.count(); index++) {
                row.buffer().put(0, rows.read(index, block -> valuesOf(blocks.get(block))));
                writer.write(row);
            }
            writer.complete();
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        AtomicFiles.complete(unfinished, path.resolve(PIXELS));
        return found;
    }

    private Map<Integer, float[]> valuesOf(Path block) throws IOException {
        var values = new LinkedHashMap<Integer, float[]>();
        if (read(block, (index, outcome, row) -> values.put(index, row.clone())).isEmpty()) {
            throw new IOException("rows that were saved can't be read any more");
        }
        return values;
    }

    private ObjectNode document(List<Circumstances> ofBlocks, RowOutcomes outcomes)
            throws IOException {
        Set<Map<String, String>> machines = new LinkedHashSet<>();
        boolean fakeRelu = false;
        for (var circumstances : ofBlocks) {
            machines.add(new TreeMap<>(circumstances.machine()));
            fakeRelu = circumstances.fakeRelu();
        }
        var document = JsonFile.object(SCHEMA);
        var belongs = document.putObject(IDENTITY);
        identity.values().forEach(belongs::put);
        var computed = document.putArray(MACHINES);
        machines.stream()
                .sorted(Comparator.comparing(Map::toString))
                .forEach(facts -> facts.forEach(computed.addObject()::put));
        document.put(FAKE_RELU, fakeRelu);
        outcomes.addCourse(document);
        var hashes = document.putObject(FILES);
        for (var name : List.of(PIXELS, TABLE)) {
            hashes.put(name, ContentHash.of(path.resolve(name)));
        }
        return document;
    }

    private void deleteProgress() {
        try {
            SharedFolder.delete(progress());
        } catch (IOException e) {
            throw failure(e);
        }
    }
}
