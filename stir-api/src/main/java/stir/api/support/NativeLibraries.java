package stir.api.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import stir.api.BackendException;

/**
 * Native libraries unpacked from jars: all of them or none, even if the process is killed, and safe
 * against other processes that unpack them at the same time.
 *
 * <p>A library that was truncated or changed later (by a full disk, an interrupted copy) would kill
 * the process that loads it. So the files are compared with the jar's, by size and checksum, the
 * first time and whenever a file's size or modification time has changed. The outcome is stored in
 * a file next to them, because reading all files would add a quarter of a second to each start.
 *
 * @since 0.1.0
 */
public final class NativeLibraries {
    private static final String UNFINISHED = ".unpacking-";
    private static final String VERIFIED = ".verified";
    private static final int TRANSFER = 1 << 16;

    /** Part of Java's message about a library that a second class loader loads. */
    private static final String ELSEWHERE = "already loaded in another classloader";

    private static final int LONGEST_CHAIN = 100;

    private final ClassLoader loader;
    private final Map<String, String> names;
    private final Path folder;

    private NativeLibraries(ClassLoader loader, Map<String, String> names, Path folder) {
        this.loader = loader;
        this.names = names;
        this.folder = folder;
    }

    /**
     * Unpacks resources into a folder; intact files that exist already stay.
     *
     * @param loader the class loader whose jars hold the resources
     * @param resources their names, with {@code /} between folders; their last parts become the
     *     files' names
     * @param folder the destination, named after library and version
     * @return {@code folder}
     * @throws BackendException if a resource is missing, or if the folder can't be written
     */
    public static Path unpack(ClassLoader loader, List<String> resources, Path folder) {
        var names = new LinkedHashMap<String, String>();
        for (String resource : resources) {
            names.put(resource, resource.substring(resource.lastIndexOf('/') + 1));
        }
        return unpack(loader, names, folder);
    }

    /**
     * Unpacks resources under other names, as {@link #unpack(ClassLoader, List, Path)} does.
     *
     * @param names the files' names by the resources' names
     */
    public static Path unpack(ClassLoader loader, Map<String, String> names, Path folder) {
        new NativeLibraries(loader, names, folder).unpack();
        return folder;
    }

    /**
     * Returns the error for a library that did not load because another class loader of this
     * process has loaded it; empty if there is another reason.
     *
     * @param library the owner of the native code, such as {@code PyTorch}
     * @param failure the exception that loading it ended with
     */
    public static Optional<BackendException> loadedElsewhere(String library, Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(LONGEST_CHAIN)
                .filter(cause -> String.valueOf(cause.getMessage()).contains(ELSEWHERE))
                .findFirst()
                .map(cause -> elsewhere(library, failure));
    }

    /**
     * Reserves a library for its first claimant in this process: some libraries end the process if
     * a second class loader loads them.
     *
     * @param library the owner of the native code, such as {@code TensorFlow}
     * @param claimant a name that the claimant chooses; it may claim again
     * @throws BackendException if another claimant has reserved it
     */
    public static void claim(String library, String claimant) {
        var holder = System.getProperties().putIfAbsent("stir.natives." + library, claimant);
        if (holder != null && !holder.equals(claimant)) {
            throw elsewhere(library, null);
        }
    }

    private static BackendException elsewhere(String library, @Nullable Throwable failure) {
        return new BackendException(
                "%s's native libraries are loaded once in a process, and another Stir has loaded them in this one: use that Stir."
                        .formatted(library),
                failure);
    }

    private void unpack() {
        var parent = folder.toAbsolutePath().getParent();
        if (parent == null) {
            throw new BackendException("Native libraries can't be unpacked into the root folder.");
        }
        try {
            if (!Files.isDirectory(folder)) {
                unpackAll(parent);
            } else if (!readStamps().equals(Optional.of(stamps(folder)))) {
                repair(parent);
            }
        } catch (IOException | UncheckedIOException e) {
            var cause = e instanceof UncheckedIOException unchecked
                    ? Objects.requireNonNull(unchecked.getCause())
                    : (IOException) e;
            throw new BackendException(
                    "The native libraries could not be unpacked into %s (%s): %s, or set STIR_CACHE to another folder."
                            .formatted(folder, IoReason.of(cause), IoReason.remedy(cause)),
                    e);
        }
    }

    private void unpackAll(Path parent) throws IOException {
        Files.createDirectories(parent);
        AbandonedFiles.sweep(parent, UNFINISHED);
        var unfinished = Files.createTempDirectory(parent, UNFINISHED);
        try {
            for (var library : names.entrySet()) {
                copy(library.getKey(), unfinished.resolve(library.getValue()));
            }
            Files.writeString(unfinished.resolve(VERIFIED), stamps(unfinished));
            publish(unfinished, folder.toAbsolutePath());
        } finally {
            AbandonedFiles.delete(unfinished);
        }
    }

    /** Compares all files with the jar's, and replaces each differing file atomically. */
    private void repair(Path parent) throws IOException {
        for (var library : names.entrySet()) {
            var file = folder.resolve(library.getValue());
            if (isWhole(file, resource(library.getKey()))) {
                continue;
            }
            try {
                var whole = Files.createTempFile(parent, UNFINISHED, "");
                try {
                    copy(library.getKey(), whole);
                    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    Files.deleteIfExists(whole);
                }
            } catch (IOException e) {
                throw new BackendException(
                        "The unpacked library %s is damaged and can't be replaced (%s): make the folder %s writable or delete it, or choose another folder."
                                .formatted(file.getFileName(), e, file.getParent()),
                        e);
            }
        }
        try {
            var stamp = Files.createTempFile(parent, UNFINISHED, "");
            try {
                Files.writeString(stamp, stamps(folder));
                Files.move(stamp, folder.resolve(VERIFIED), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(stamp);
            }
        } catch (IOException e) {
            System.getLogger(NativeLibraries.class.getName()) // the files are intact even if the folder is
                    // read-only
                    .log(System.Logger.Level.DEBUG, "Could not record the state of " + folder, e);
        }
    }

    /** Returns the stamps of the last comparison, if there was one. */
    private Optional<String> readStamps() throws IOException {
        try {
            return Optional.of(Files.readString(folder.resolve(VERIFIED)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Returns the state of a folder's files: one line each, with size and modification time. */
    private String stamps(Path of) throws IOException {
        var stamps = new StringBuilder();
        for (String name : names.values()) {
            stamps.append(name);
            try {
                var state = Files.readAttributes(of.resolve(name), BasicFileAttributes.class);
                stamps.append(' ').append(state.size());
                stamps.append(' ').append(state.lastModifiedTime().toInstant());
            } catch (NoSuchFileException e) {
                stamps.append(" is missing"); // stored stamps never contain this
            }
            stamps.append('\n');
        }
        return stamps.toString();
    }

    private static boolean isWhole(Path file, URL resource) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        var connection = resource.openConnection();
        if (connection instanceof JarURLConnection jar) {
            jar.setUseCaches(false);
            try (var opened = jar.getJarFile()) { // the jar's table holds the checksum, so nothing is
                // unpacked
                var entry = opened.getEntry(jar.getEntryName());
                return Files.size(file) == entry.getSize() && checksum(Files.newInputStream(file)) == entry.getCrc();
            }
        }
        return checksum(Files.newInputStream(file)) == checksum(resource.openStream());
    }

    private static long checksum(InputStream in) throws IOException {
        var checksum = new CRC32();
        var buffer = new byte[TRANSFER];
        try (in) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                checksum.update(buffer, 0, read);
            }
        }
        return checksum.getValue();
    }

    private URL resource(String name) {
        var resource = loader.getResource(name);
        if (resource == null) {
            throw new BackendException(
                    "The native library %s is missing from this backend's jars: add the jar for this platform."
                            .formatted(name));
        }
        return resource;
    }

    private void copy(String resource, Path file) throws IOException {
        try (var in = resource(resource).openStream()) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void publish(Path unfinished, Path folder) throws IOException {
        try {
            Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) { // otherwise another process was first
                throw e;
            }
        }
    }
}
