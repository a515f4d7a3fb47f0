package stir.backend.djl.torchscript;

import org.jspecify.annotations.Nullable;

import stir.api.BackendException;
import stir.api.DataException;
import stir.api.Shape;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A file that {@code torch.jit.save} wrote: a zip with the source of the modules, their pickled
 * attributes and the tensors' values. Every record's checksum is verified. Immutable.
 */
public final class TorchScriptArchive {
    private static final int TRANSFER = 1 << 16;
    private static final String CODE = "code/";

    private final Path file;
    private final String folder;
    private final ScriptNetwork network;
    private final Pickle.@Nullable Instance instance;
    private final Optional<List<Long>> tracedInput;

    private TorchScriptArchive(Path file, Contents contents) {
        this.file = file;
        this.folder = contents.folder;
        this.network = new ScriptNetwork(contents.sources, rootClass(contents.data));
        this.instance = instance(contents.data);
        this.tracedInput = tracedInput(contents.tracedInputs);
    }

    /** What reading keeps: everything but the tensors' values. */
    private static final class Contents {
        private final Map<String, String> sources = new LinkedHashMap<>();
        private String folder = "";
        private byte[] data = {};
        private byte[] tracedInputs = {};
    }

    /**
     * Reads an archive.
     *
     * @throws DataException if it is damaged, or no such archive
     */
    public static TorchScriptArchive read(Path file) {
        try (var zip = new ZipFile(file.toFile())) {
            var contents = read(file, zip);
            if (contents.data.length == 0) {
                throw new DataException(ArchiveKind.foreign(file));
            }
            if (contents.sources.isEmpty()) {
                throw new DataException(ArchiveKind.weightsAlone(file));
            }
            return new TorchScriptArchive(file, contents);
        } catch (ZipException e) {
            throw new DataException(ArchiveKind.explain(file), e);
        } catch (SourceException e) {
            throw new DataException(
                    "%s holds source that Stir does not understand (%s): export it again with a PyTorch of version 1.8 to 2.7."
                            .formatted(file, e.getMessage()),
                    e);
        } catch (IOException e) {
            throw new DataException("%s can't be read: %s.".formatted(file, e), e);
        }
    }

    private static Contents read(Path file, ZipFile zip) throws IOException {
        var contents = new Contents();
        for (var entries = zip.entries(); entries.hasMoreElements(); ) {
            var entry = entries.nextElement();
            var name = entry.getName();
            var inside = name.substring(name.indexOf('/') + 1);
            if (inside.startsWith(CODE) && inside.endsWith(".py")) {
                contents.sources.put(
                        inside.substring(CODE.length()),
                        new String(verified(file, zip, entry), StandardCharsets.UTF_8));
            } else if (inside.equals("data.pkl")) {
                contents.folder = name.substring(0, name.length() - inside.length());
                contents.data = verified(file, zip, entry);
            } else if (inside.equals("traced_inputs.pkl")) {
                contents.tracedInputs = verified(file, zip, entry);
            } else {
                verify(file, zip, entry, OutputStream.nullOutputStream());
            }
        }
        return contents;
    }

    private static byte[] verified(Path file, ZipFile zip, ZipEntry entry) throws IOException {
        var bytes = new java.io.ByteArrayOutputStream();
        verify(file, zip, entry, bytes);
        return bytes.toByteArray();
    }

    private static void verify(Path file, ZipFile zip, ZipEntry entry, OutputStream copy)
            throws IOException {
        var checksum = new CRC32();
        var buffer = new byte[TRANSFER];
        try (InputStream in = zip.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
                copy.write(buffer, 0, read);
            }
        }
        if (checksum.getValue() != entry.getCrc()) {
            throw new DataException(
                    "%s is damaged (its part %s has another checksum than was written): copy or export it again."
                            .formatted(file, entry.getName()));
        }
    }

    private static String rootClass(byte[] data) {
        // A pickle of an object starts with the protocol and then names the object's class.
        var start = new String(data, StandardCharsets.ISO_8859_1).split("\n", 3);
        if (start.length < 3 || !start[0].matches("(?s)\u0080.c.*")) {
            throw new SourceException("data.pkl does not start with a module");
        }
        return start[0].substring(3) + "." + start[1];
    }

    private static Pickle.@Nullable Instance instance(byte[] data) {
        try {
            return Pickle.read(data) instanceof Pickle.Instance instance ? instance : null;
        } catch (SourceException e) {
            return null; // only hints are taken from it; libtorch reads it for itself
        }
    }

    private static Optional<List<Long>> tracedInput(byte[] pickle) {
        if (pickle.length == 0) {
            return Optional.empty();
        }
        try {
            return Pickle.read(pickle) instanceof Map<?, ?> methods
                            && methods.get("forward") instanceof List<?> inputs
                            && !inputs.isEmpty()
                            && inputs.get(0) instanceof Pickle.Tensor tensor
                            && !tensor.sizes().isEmpty()
                    ? Optional.of(tensor.sizes())
                    : Optional.empty();
        } catch (SourceException e) {
            return Optional.empty(); // as above
        }
    }

    /** The file. */
    public Path file() {
        return file;
    }

    /** The network that the source describes. */
    public ScriptNetwork network() {
        return network;
    }

    /** The sizes of the input that the network was traced with, that of the batch first. */
    public Optional<List<Long>> tracedInput() {
        return tracedInput;
    }

    /**
     * The shape of one input as far as the archive tells: that of tracing, or the channels of the
     * first convolution with unknown sizes behind them. Of rank 0 if it tells nothing.
     */
    public Shape inputShape() {
        if (tracedInput.isPresent()) {
            var sizes = tracedInput.get();
            return Shape.of(sizes.stream().skip(1).mapToInt(Math::toIntExact).toArray());
        }
        return network.firstConvolution().map(this::inputShape).orElseGet(Shape::of);
    }

    private Shape inputShape(Map.Entry<String, ScriptClass> convolution) {
        var module = instance;
        for (String name : convolution.getKey().split("\\.", -1)) {
            module = module == null ? null : module.instance(name);
        }
        if (module == null
                || !(module.attributes().get("weight") instanceof Pickle.Tensor weight)) {
            return Shape.of();
        }
        var groups = convolution.getValue().attributes().getOrDefault("groups", "1");
        var dimensions = new int[weight.sizes().size() - 1];
        java.util.Arrays.fill(dimensions, Shape.UNKNOWN);
        dimensions[0] =
                Math.toIntExact(weight.sizes().get(1))
                        * Integer.parseInt(groups.replaceAll(".*= ", ""));
        return Shape.of(dimensions);
    }

    /**
     * Writes a copy of the archive in which sources are replaced. Left out are what is of no use
     * there: debug records, whose positions would be wrong, and the inputs of tracing.
     *
     * @param sources texts by the files' names
     * @throws BackendException if the copy can't be written
     */
    public void write(Path copy, Map<String, String> sources) {
        try (var zip = new ZipFile(file.toFile());
                var out =
                        new ZipOutputStream(
                                new BufferedOutputStream(Files.newOutputStream(copy), TRANSFER))) {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                var entry = entries.nextElement();
                var name = entry.getName();
                if (name.endsWith(".debug_pkl") || name.startsWith(folder + "traced_inputs")) {
                    continue;
                }
                var source =
                        name.startsWith(folder + CODE)
                                ? sources.get(name.substring(folder.length() + CODE.length()))
                                : null;
                if (source != null) {
                    put(out, name, source.getBytes(StandardCharsets.UTF_8));
                } else if (entry.getMethod() == ZipEntry.STORED) {
                    out.putNextEntry(stored(name, entry.getSize(), entry.getCrc()));
                    try (InputStream in = zip.getInputStream(entry)) {
                        in.transferTo(out);
                    }
                    out.closeEntry();
                } else {
                    put(out, name, verified(file, zip, entry));
                }
            }
        } catch (IOException e) {
            throw new BackendException(
                    "%s could not be prepared in %s (%s): free some disk there, or name another cache folder."
                            .formatted(file, copy.getParent(), e),
                    e);
        }
    }

    private static void put(ZipOutputStream out, String name, byte[] bytes) throws IOException {
        var checksum = new CRC32();
        checksum.update(bytes);
        out.putNextEntry(stored(name, bytes.length, checksum.getValue()));
        out.write(bytes);
        out.closeEntry();
    }

    /** libtorch reads records in place, so they are not compressed. */
    private static ZipEntry stored(String name, long size, long checksum) {
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        entry.setCompressedSize(size);
        entry.setCrc(checksum);
        return entry;
    }

    /** The names of the records of an archive, for recognising it; empty if it is no zip. */
    static List<String> records(Path file) {
        var names = new ArrayList<String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entries = zip.entries(); entries.hasMoreElements(); ) {
                names.add(entries.nextElement().getName());
            }
        } catch (IOException e) {
            return List.of();
        }
        return names;
    }
}
