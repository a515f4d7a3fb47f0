package stir.backend.djl.torchscript;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.support.IoReason;
import stir.backend.djl.libtorch.ArchiveKind;
import stir.backend.djl.libtorch.ArchiveRecords;
import stir.backend.djl.libtorch.Pickle;
import stir.backend.djl.libtorch.SinglePrecision;
import stir.backend.djl.libtorch.SourceBounds;
import stir.backend.djl.libtorch.SourceException;
import stir.backend.djl.libtorch.TensorCheck;
import stir.backend.djl.libtorch.UnknownOperation;

/**
 * A file written by {@code torch.jit.save}: a zip with the source of the modules, their pickled
 * attributes and the tensors' values. The checksum of every record that libtorch reads is verified.
 * Immutable.
 */
public final class TorchScriptArchive {
    private static final int TRANSFER = 1 << 16;
    private static final String CODE = "code/";
    private static final String DATA = "data";
    private static final String CONSTANTS = "constants";
    private static final String PICKLE = ".pkl";
    private static final String TRACED_INPUTS = "traced_inputs";

    /** The maximum number of values of a traced input; a larger one is ignored. */
    private static final long MAX_INPUT = 1L << 26;

    private final Path file;
    private final ScriptNetwork network;

    /** The sizes of the tensors with which the network was traced, by the names of its inputs. */
    private final Map<String, List<Long>> traced;

    /** The types of the storages by the names of their records. */
    private final Map<String, String> storages;

    /** The types of storages that are converted to single precision. */
    private final Set<String> converted;

    private TorchScriptArchive(Path file, Contents contents, SideInputs given) {
        this.file = file;
        SourceBounds.check(contents.sources.values());
        contents.sources.values().forEach(SourceOperators::check);
        var data = contents.pickles.get(DATA);
        if (data == null || !(Pickle.read(data).root() instanceof Pickle.Instance root)) {
            throw new SourceException("its data.pkl contains no module");
        }
        this.network = ScriptNetwork.of(contents.sources, root, file.toString(), given);
        TokenIds.check(network);
        AttributeCheck.check(network.code(), root);
        this.storages = contents.storages;
        this.converted = SinglePrecision.converted(
                contents.tensors.stream().map(tensor -> tensor.storage().type()).toList());
        this.traced = traced(contents.pickles.get(TRACED_INPUTS));
    }

    /** The content of an archive without the tensors' values. */
    private static final class Contents {
        private final Map<String, String> sources = new LinkedHashMap<>();
        private final Map<String, byte[]> pickles = new HashMap<>();
        private final Map<String, Long> sizes = new HashMap<>();
        private final Map<String, String> storages = new HashMap<>();
        private final List<Pickle.TensorView> tensors = new ArrayList<>();
    }

    /**
     * Reads an archive.
     *
     * @throws DataException if it is damaged, or not such an archive
     */
    public static TorchScriptArchive read(Path file) {
        return read(file, SideInputs.NONE);
    }

    /**
     * Reads an archive of a network with several inputs.
     *
     * @param given the network's side inputs
     * @throws DataException if it is damaged, or not such an archive
     * @throws stir.api.UsageException if the side inputs are not those of the network
     */
    public static TorchScriptArchive read(Path file, SideInputs given) {
        try (var records = ArchiveRecords.open(file)) {
            var contents = read(records);
            if (!contents.pickles.containsKey(DATA)) {
                throw new DataException(ArchiveKind.foreign(file));
            }
            if (contents.sources.isEmpty()) {
                throw new DataException(ArchiveKind.weightsAlone(file));
            }
            for (String pickle : List.of(DATA, CONSTANTS)) {
                checkTensors(file, contents, pickle);
            }
            for (ZipEntry entry : records.entries()) {
                if (contents.storages.containsKey(records.name(entry))) {
                    records.verify(entry);
                }
            }
            return new TorchScriptArchive(file, contents, given);
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            // IllegalArgumentException is thrown for names that are not text
            throw new DataException(ArchiveKind.explain(file), e);
        } catch (SourceException e) {
            throw e.refusal(file);
        } catch (IOException e) {
            throw new DataException("%s can't be read: %s.".formatted(file, IoReason.of(e)), e);
        }
    }

    private static Contents read(ArchiveRecords records) throws IOException {
        var contents = new Contents();
        for (ZipEntry entry : records.entries()) {
            var name = records.name(entry);
            contents.sizes.put(name, entry.getSize());
            if (isSource(name)) {
                contents.sources.put(name.substring(CODE.length()), text(records, entry));
            } else if (isPickle(name)) {
                contents.pickles.put(name.substring(0, name.length() - PICKLE.length()), records.text(entry));
            }
        }
        return contents;
    }

    private static String text(ArchiveRecords records, ZipEntry entry) throws IOException {
        return new String(records.text(entry), StandardCharsets.UTF_8);
    }

    private static boolean isSource(String name) {
        return name.startsWith(CODE) && name.endsWith(".py");
    }

    private static boolean isPickle(String name) {
        return List.of(DATA + PICKLE, CONSTANTS + PICKLE, TRACED_INPUTS + PICKLE)
                .contains(name);
    }

    private static void checkTensors(Path file, Contents contents, String pickle) {
        var bytes = contents.pickles.get(pickle);
        var check = new TensorCheck(pickle + "/", contents.sizes);
        for (var tensor : bytes == null
                ? List.<Pickle.TensorView>of()
                : Pickle.read(bytes).tensors()) {
            var fault = check.fault(tensor);
            if (fault != null) {
                throw new DataException("%s is damaged (%s): copy or export it again.".formatted(file, fault));
            }
            contents.tensors.add(tensor);
            contents.storages.put(
                    pickle + "/" + tensor.storage().key(), tensor.storage().type());
        }
    }

    private Map<String, List<Long>> traced(byte @Nullable [] pickle) {
        var sizes = new HashMap<String, List<Long>>();
        if (pickle == null) {
            return sizes;
        }
        try {
            var names = network.arguments().names();
            if (Pickle.read(pickle).root() instanceof Map<?, ?> methods
                    && methods.get("forward") instanceof List<?> inputs) {
                for (int i = 0; i < Math.min(inputs.size(), names.size()); i++) {
                    if (inputs.get(i) instanceof Pickle.TensorView tensor) {
                        sizes.put(names.get(i), tensor.sizes());
                    }
                }
            }
            return sizes;
        } catch (SourceException e) {
            return Map.of(); // only a hint, which libtorch does not read
        }
    }

    /** Returns sizes of which the first counts the inputs, and differs from that of tracing. */
    private static List<Long> ofAnyBatch(List<Long> sizes) {
        var free = new ArrayList<>(sizes);
        if (!free.isEmpty()) {
            free.set(0, -1L);
        }
        return free;
    }

    private static boolean isInput(List<Long> sizes) {
        long elements = 1;
        for (long size : sizes) {
            if (size < 1 || size > MAX_INPUT || elements * size > MAX_INPUT) {
                return false;
            }
            elements *= size;
        }
        return !sizes.isEmpty();
    }

    /** Returns the user's file. */
    public Path file() {
        return file;
    }

    /** Returns the network that the source describes. */
    public ScriptNetwork network() {
        return network;
    }

    /** Returns the sizes of the traced input, with that of the batch first. */
    public Optional<List<Long>> tracedInput() {
        return Optional.ofNullable(traced.get(network.inputName())).filter(TorchScriptArchive::isInput);
    }

    /**
     * Returns the sizes that the file states for a tensor, with that of the batch first, unknown
     * ones at most 0; null if it states none.
     */
    public @Nullable List<Long> stated(String name) {
        var sizes = traced.get(name);
        return sizes == null ? null : ofAnyBatch(sizes);
    }

    /**
     * Returns the shape of one input as far as the archive contains it: that of tracing, or the one
     * that the first modules imply. Rank 0 if it contains neither.
     */
    public Shape inputShape() {
        return tracedInput()
                .map(sizes -> Shape.of(
                        sizes.stream().skip(1).mapToInt(Math::toIntExact).toArray()))
                .orElseGet(() -> InputShape.of(network));
    }

    /** Returns the precision of weights that are converted to single precision, if any are. */
    public Optional<String> precision() {
        return SinglePrecision.name(converted);
    }

    private boolean isConverted() {
        return !converted.isEmpty();
    }

    /**
     * Writes a copy of the archive for libtorch. Sources are replaced, linear layers receive
     * contiguous inputs, and calls of unknown operations fail only when they are reached. Records
     * that were not checked or are not needed are omitted: debug records, whose positions would be
     * wrong, the inputs of tracing, and additional files.
     *
     * @param sources the texts of source files by the files' names
     * @param unknown the operations that libtorch does not support
     * @throws stir.api.BackendException if the copy can't be written
     */
    public void write(Path copy, Map<String, String> sources, Collection<UnknownOperation> unknown) {
        try (var records = ArchiveRecords.open(file);
                var out = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(copy), TRANSFER))) {
            for (ZipEntry entry : records.entries()) {
                var name = records.name(entry);
                if (isSource(name)) {
                    var changed = sources.get(name.substring(CODE.length()));
                    var text = changed != null ? changed : text(records, entry);
                    var bytes = prepared(text, unknown).getBytes(StandardCharsets.UTF_8);
                    ArchiveRecords.store(entry.getName(), bytes, out);
                } else if (isConverted() && isPickle(name)) {
                    var pickle = SinglePrecision.pickle(records.text(entry));
                    ArchiveRecords.store(entry.getName(), pickle, out);
                } else if (converted.contains(storages.getOrDefault(name, ""))) {
                    SinglePrecision.store(records, entry, storages.getOrDefault(name, ""), entry.getName(), out);
                } else if (isLoaded(name)) {
                    records.store(entry, entry.getName(), out);
                }
            }
        } catch (IOException e) {
            throw ArchiveRecords.notCopied(file, copy, e);
        }
    }

    private String prepared(String source, Collection<UnknownOperation> unknown) {
        var text = LinearInputs.contiguous(isConverted() ? SourcePrecision.single(source) : source);
        for (var operation : unknown) {
            text = operation.fails(text);
        }
        return text;
    }

    /** Returns whether libtorch needs a record; it might read others without a check. */
    private boolean isLoaded(String name) {
        return storages.containsKey(name)
                || List.of(DATA + PICKLE, CONSTANTS + PICKLE).contains(name)
                || List.of("version", ".data/version", "byteorder").contains(name);
    }
}
