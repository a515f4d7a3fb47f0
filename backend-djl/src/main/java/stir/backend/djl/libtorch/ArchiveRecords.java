package stir.backend.djl.libtorch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.StirException;

/**
 * The records of an archive's zip. Records are checked against the size and the checksum in the zip
 * when they are read.
 */
public final class ArchiveRecords implements AutoCloseable {
    private static final int TRANSFER = 1 << 16;
    private static final long LARGEST_TEXT = 1L << 28;
    private static final String DATA = "data.pkl";
    private static final String CODE = "code/";

    private final Path file;
    private final ZipFile zip;
    private final List<? extends ZipEntry> all;
    private final String folder;

    private ArchiveRecords(Path file, ZipFile zip) throws ZipException {
        this.file = file;
        this.zip = zip;
        this.all = zip.stream().filter(entry -> !entry.isDirectory()).toList();
        var folders = all.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.matches("[^/]+/data\\.pkl"))
                .map(name -> name.substring(0, name.length() - DATA.length()))
                .toList();
        if (folders.size() > 1) {
            throw new ZipException("more than one " + DATA);
        }
        this.folder = folders.isEmpty() ? "" : folders.get(0);
        requireDifferentNames();
    }

    /**
     * Opens an archive.
     *
     * @throws IOException if it is not a readable zip, or if it contains a record twice
     */
    public static ArchiveRecords open(Path file) throws IOException {
        return open(file, file);
    }

    /**
     * Opens an archive that was copied from another file.
     *
     * @param content the archive
     * @param file the user's file, for messages
     * @throws IOException if it is not a readable zip, or if it contains a record twice
     */
    public static ArchiveRecords open(Path content, Path file) throws IOException {
        var zip = new ZipFile(content.toFile());
        try {
            return new ArchiveRecords(file, zip);
        } catch (IOException | RuntimeException e) {
            zip.close();
            throw e;
        }
    }

    /** Refuses names that differ only in case, since libtorch would read either record. */
    private void requireDifferentNames() throws ZipException {
        var names = new HashSet<String>();
        for (ZipEntry entry : all) {
            var name = entry.getName();
            boolean isSource = name.startsWith(folder + CODE); // may differ in case alone
            if (!names.add(isSource ? name : name.toLowerCase(Locale.ROOT))) {
                throw new ZipException(name + " occurs twice");
            }
        }
    }

    /** Returns the records of the archive, without other entries of the zip. */
    public List<ZipEntry> entries() {
        return all.stream().filter(entry -> entry.getName().startsWith(folder)).collect(Collectors.toList());
    }

    /** Returns a record's name without the archive's folder. */
    public String name(ZipEntry entry) {
        return entry.getName().substring(folder.length());
    }

    /** Returns the bytes of a record that contains source or a pickle. */
    public byte[] text(ZipEntry entry) throws IOException {
        if (entry.getSize() > LARGEST_TEXT) {
            throw damage(entry, "is too large");
        }
        var bytes = new ByteArrayOutputStream();
        copy(entry, bytes);
        return bytes.toByteArray();
    }

    /** Reads a record completely and checks it. */
    public void verify(ZipEntry entry) throws IOException {
        copy(entry, OutputStream.nullOutputStream());
    }

    /** Copies a record and checks it. */
    public void copy(ZipEntry entry, OutputStream copy) throws IOException {
        var checksum = new CRC32();
        var buffer = new byte[TRANSFER];
        long size = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                size += read;
                if (size > entry.getSize()) {
                    break; // it may have been made endless
                }
                checksum.update(buffer, 0, read);
                copy.write(buffer, 0, read);
            }
        }
        if (size != entry.getSize()) {
            throw damage(entry, "has another size than recorded");
        }
        if (checksum.getValue() != entry.getCrc()) {
            throw damage(entry, "has another checksum than recorded");
        }
    }

    /**
     * Copies a record into another archive and checks it. Records are not compressed, because
     * libtorch reads them in place.
     */
    public void store(ZipEntry entry, String name, ZipOutputStream out) throws IOException {
        out.putNextEntry(stored(name, entry.getSize(), entry.getCrc()));
        copy(entry, out);
        out.closeEntry();
    }

    /** Writes a record. */
    public static void store(String name, byte[] bytes, ZipOutputStream out) throws IOException {
        var checksum = new CRC32();
        checksum.update(bytes);
        out.putNextEntry(stored(name, bytes.length, checksum.getValue()));
        out.write(bytes);
        out.closeEntry();
    }

    static ZipEntry stored(String name, long size, long checksum) {
        var entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(size);
        entry.setCompressedSize(size);
        entry.setCrc(checksum);
        return entry;
    }

    /**
     * Returns the failure of a copy for libtorch: of the file that was read, or of the disk.
     *
     * @param file the user's file
     */
    public static StirException notCopied(Path file, Path copy, Exception reason) {
        return reason instanceof IOException && !(reason instanceof ZipException)
                ? new BackendException(
                        "%s could not be prepared in %s (%s): free some disk space there, or set STIR_CACHE to another folder."
                                .formatted(file, copy.getParent(), reason),
                        reason)
                : new DataException(
                        "%s has changed while it was read, or is damaged: do not modify it while Stir runs, and run the command again."
                                .formatted(file),
                        reason);
    }

    private DataException damage(ZipEntry entry, String defect) {
        return new DataException(
                "%s is damaged (its part %s %s): copy or export it again.".formatted(file, entry.getName(), defect));
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
