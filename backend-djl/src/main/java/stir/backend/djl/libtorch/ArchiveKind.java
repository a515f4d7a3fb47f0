package stir.backend.djl.libtorch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;

/** The kind of a file that may be PyTorch's, by its first bytes and its records' names. */
public enum ArchiveKind {
    /** Written by {@code torch.jit.save}. */
    TORCHSCRIPT,
    /** Written by {@code torch.export.save}. */
    EXPORTED,
    /**
     * Written by {@code torch.save} (weights, or a module as a pickle, without source) or by
     * safetensors (weights only).
     */
    WEIGHTS,
    /** A truncated zip. */
    TRUNCATED,
    /** An empty file. */
    EMPTY,
    /** A file that PyTorch did not write. */
    FOREIGN;

    private static final int START = 64;
    private static final long LONGEST_SAFETENSORS_HEADER = 100_000_000;
    private static final String EXPORT =
            "export the network itself in Python with torch.export.save(torch.export.export(model.eval(), (example,)), \"model.pt2\"), torch.jit.script(model.eval()).save(\"model.pt\") or torch.jit.trace(model.eval(), example).save(\"model.pt\")";

    /** The pickled long integer that {@code torch.save} wrote first before version 1.6. */
    private static final byte[] LEGACY_MAGIC = {
        (byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9
    };

    /** Determines the kind of a file; an unreadable file is {@link #FOREIGN}. */
    public static ArchiveKind of(Path file) {
        byte[] first;
        if (!Files.isRegularFile(file)) {
            return FOREIGN;
        }
        try (var in = Files.newInputStream(file)) {
            first = in.readNBytes(START);
        } catch (IOException e) {
            return FOREIGN;
        }
        if (first.length == 0) {
            return EMPTY;
        }
        if (startsWith(first, LEGACY_MAGIC) || isSafetensors(first)) {
            return WEIGHTS;
        }
        if (!startsWith(first, "PK\3\4".getBytes(StandardCharsets.ISO_8859_1))) {
            return FOREIGN;
        }
        var records = records(file);
        if (records.isEmpty()) {
            return TRUNCATED;
        }
        if (records.stream().anyMatch(ArchiveKind::isProgram)) {
            return EXPORTED;
        }
        boolean data = records.stream().anyMatch(name -> name.matches("[^/]+/data\\.pkl"));
        boolean source = records.stream().anyMatch(name -> name.matches("[^/]+/code/.*\\.py"));
        return data ? source ? TORCHSCRIPT : WEIGHTS : FOREIGN;
    }

    /** Returns whether a record of a zip is a program of {@code torch.export}, of either form. */
    public static boolean isProgram(String record) {
        return record.equals("serialized_exported_program.json") || record.matches("[^/]+/models/[^/]+\\.json");
    }

    /** Returns the names of an archive's records; empty if it is not a zip. */
    private static List<String> records(Path file) {
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

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    /**
     * Returns whether a file begins like safetensors: with the length of a JSON object, as a long
     * integer, and the object.
     */
    private static boolean isSafetensors(byte[] first) {
        if (first.length <= Long.BYTES + 1 || first[Long.BYTES] != '{') {
            return false;
        }
        long length = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        return length > 1 && length <= LONGEST_SAFETENSORS_HEADER && first[Long.BYTES + 1] == '"';
    }

    /** Returns, in one sentence, why a file can't be opened as an archive and what to do. */
    public static String explain(Path file) {
        return switch (of(file)) {
            case EMPTY -> file + " is empty: copy or export it again.";
            case TRUNCATED, TORCHSCRIPT, EXPORTED -> file + " is damaged or truncated: copy or export it again.";
            case WEIGHTS -> weightsAlone(file);
            case FOREIGN -> foreign(file);
        };
    }

    /** Returns why a file of weights is not a network. */
    public static String weightsAlone(Path file) {
        return "%s contains weights, or a pickle of them (torch.save, safetensors), but not the network's code: %s."
                .formatted(file, EXPORT);
    }

    /** Returns why a file is not a network: another format. */
    public static String foreign(Path file) {
        return "%s is neither a program of torch.export nor a TorchScript archive: %s.".formatted(file, EXPORT);
    }
}
