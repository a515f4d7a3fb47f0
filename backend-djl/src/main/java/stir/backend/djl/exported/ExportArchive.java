package stir.backend.djl.exported;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import stir.api.Scope;
import stir.backend.djl.libtorch.ArchiveKind;
import stir.backend.djl.libtorch.ArchiveRecords;
import stir.backend.djl.libtorch.Pickle;
import stir.backend.djl.libtorch.SourceException;
import stir.backend.djl.libtorch.TensorCheck;

/**
 * A file that {@code torch.export.save} wrote, in either form: up to PyTorch 2.8 the tensors are
 * pickles of {@code torch.save}, later each is a part of its own. Every part's checksum is
 * verified.
 */
final class ExportArchive implements AutoCloseable {
    /** The largest ratio of the parts' sizes to that of the file; PyTorch compresses nothing. */
    private static final long LARGEST_RATIO = 20;

    private final Scope scope = new Scope();
    private final Path file;
    private final Supplier<Path> scratch;
    private final Map<String, ZipEntry> entries = new HashMap<>();
    private final ArchiveRecords records;
    private final String program;
    private final String folder;
    private final Map<String, Inner> opened = new HashMap<>();
    private final Map<String, StoredTensor> state = new LinkedHashMap<>();
    private final Map<String, StoredTensor> constants = new LinkedHashMap<>();

    /**
     * Opens an archive.
     *
     * @param scratch names files for inner archives while this one is open
     * @throws IOException if it can't be read
     * @throws SourceException if it is not such an archive
     */
    ExportArchive(Path file, Supplier<Path> scratch) throws IOException {
        this.file = file;
        this.scratch = scratch;
        this.records = ArchiveRecords.open(file);
        scope.own(records);
        try {
            long size = 0;
            for (var entry : records.entries()) {
                entries.put(entry.getName(), entry);
                size = Math.addExact(size, Math.max(0, entry.getSize()));
            }
            if (size > Files.size(file) * LARGEST_RATIO) {
                throw new SourceException("its parts are much larger than the file", "copy or export it again");
            }
            program = onlyProgram();
            folder = program.substring(0, program.indexOf('/') + 1);
            if (folder.isEmpty()) {
                addPickled("serialized_state_dict.pt", state);
                addPickled("serialized_constants.pt", constants);
            } else {
                addRaw("weights", "model_weights_config.json", state);
                addRaw("constants", "model_constants_config.json", constants);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Returns the name of the only program. */
    private String onlyProgram() {
        var programs = entries.keySet().stream().filter(ArchiveKind::isProgram).toList();
        if (programs.size() != 1) {
            throw new SourceException(
                    "it contains %d programs".formatted(programs.size()), "export one network into a file of its own");
        }
        return programs.get(0);
    }

    /** Returns the program. */
    JsonObject program() throws IOException {
        return Json.parse(bytes(program));
    }

    private byte[] bytes(String name) throws IOException {
        return records.text(entry(name));
    }

    private ZipEntry entry(String name) {
        var entry = entries.get(name);
        if (entry == null) {
            throw new SourceException("its part %s is missing".formatted(name), "copy or export it again");
        }
        return entry;
    }

    /**
     * Returns a tensor that the program holds.
     *
     * @throws SourceException if it is missing
     */
    StoredTensor tensor(ProgramGraph.StoredAttribute attribute) {
        return Optional.ofNullable(state.get(attribute.key()))
                .or(() -> Optional.ofNullable(constants.get(attribute.key())))
                .orElseThrow(() -> new SourceException(
                        "its tensor %s is missing".formatted(attribute.key()), "copy or export it again"));
    }

    private void addRaw(String kind, String configuration, Map<String, StoredTensor> tensors) throws IOException {
        var path = "%sdata/%s/".formatted(folder, kind);
        if (!entries.containsKey(path + configuration)) {
            return;
        }
        var all = Json.object(Json.parse(bytes(path + configuration)), "config");
        for (var one : all.entrySet()) {
            var stored = Json.object(one.getValue(), "config");
            var entry = entry(path + Json.text(stored, "path_name"));
            boolean pickled = Json.find(stored, "use_pickle")
                    .map(value -> Json.text(value, "use_pickle").equals("true"))
                    .orElse(false);
            if (pickled) {
                var inner = open(entry);
                if (inner.pickle().root() instanceof Pickle.TensorView tensor) {
                    tensors.put(one.getKey(), inner.stored(tensor));
                }
            } else {
                Json.find(stored, "tensor_meta").ifPresent(meta -> tensors.put(one.getKey(), raw(entry, meta)));
            }
        }
    }

    private StoredTensor raw(ZipEntry entry, JsonElement described) {
        var meta = Json.object(described, "tensor_meta");
        var type = DataType.of(Json.number(meta, "dtype"))
                .flatMap(DataType::storage)
                .orElseThrow(
                        () -> new SourceException("a tensor's values are of an unknown type", "export it in float32"));
        return new StoredTensor(
                new StoredRecord(records, entry),
                type,
                entry.getSize() / TensorCheck.bytes(type),
                integer(Json.object(meta, "storage_offset")),
                integers(meta, "sizes"),
                integers(meta, "strides"));
    }

    private static List<Long> integers(JsonObject meta, String name) {
        return Json.list(meta, name).stream()
                .map(one -> integer(Json.object(one, name)))
                .toList();
    }

    private static long integer(JsonObject symbol) {
        return Json.number(symbol, "as_int");
    }

    /** Adds the tensors of a dictionary that {@code torch.save} wrote. */
    private void addPickled(String name, Map<String, StoredTensor> tensors) throws IOException {
        var entry = entries.get(name);
        if (entry == null || entry.getSize() == 0) {
            return;
        }
        var inner = open(entry);
        if (inner.pickle().root() instanceof Map<?, ?> all) {
            for (var one : all.entrySet()) {
                if (one.getKey() instanceof String key && one.getValue() instanceof Pickle.TensorView tensor) {
                    tensors.put(key, inner.stored(tensor));
                }
            }
        }
    }

    /** An archive of {@code torch.save} within this one. */
    private record Inner(ArchiveRecords records, Map<String, ZipEntry> entries) {
        Pickle.Unpickled pickle() throws IOException {
            return Pickle.read(records.text(entry("data.pkl")));
        }

        StoredTensor stored(Pickle.TensorView tensor) {
            var storage = tensor.storage();
            return new StoredTensor(
                    new StoredRecord(records, entry("data/" + storage.key())),
                    storage.type(),
                    storage.elements(),
                    tensor.offset(),
                    tensor.sizes(),
                    tensor.strides());
        }

        private ZipEntry entry(String name) {
            var entry = entries.get(name);
            if (entry == null) {
                throw new SourceException(
                        "the part %s of its weights is missing".formatted(name), "copy or export it again");
            }
            return entry;
        }
    }

    /** Opens an archive within this one, which needs a file of its own. */
    private Inner open(ZipEntry entry) throws IOException {
        var known = opened.get(entry.getName());
        if (known != null) {
            return known;
        }
        var copy = scratch.get();
        scope.own(() -> Files.deleteIfExists(copy));
        try (var out = Files.newOutputStream(copy)) {
            records.copy(entry, out);
        }
        var inner = scope.own(ArchiveRecords.open(copy, file));
        var names = new HashMap<String, ZipEntry>();
        inner.entries().forEach(one -> names.put(inner.name(one), one));
        var archive = new Inner(inner, names);
        opened.put(entry.getName(), archive);
        return archive;
    }

    @Override
    public void close() {
        scope.close();
    }
}
