package stir.core.network.open;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The folder into which backends unpack native libraries.
 *
 * @param path the folder; it may not exist yet
 * @param problem the reason why this is not the folder that users expect; empty if it is
 */
public record CacheFolder(Path path, Optional<String> problem) {
    /** The variable that names the folder. */
    private static final String VARIABLE = "STIR_CACHE";

    private static final Set<PosixFilePermission> OWNER_ONLY = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    /** Returns a folder that the caller has chosen. */
    public static CacheFolder of(Path path) {
        return new CacheFolder(path, Optional.empty());
    }

    /**
     * Returns the folder of an environment: {@code $STIR_CACHE}, or {@code stir} in the user's
     * folder of caches. If that can't be written, as in a container without a home, a folder of
     * temporary files replaces it, which no other user can read or write.
     */
    public static CacheFolder of(Map<String, String> environment) {
        var chosen = path(environment, VARIABLE);
        if (chosen.isPresent()) {
            return of(chosen.get());
        }
        var usual = path(environment, "XDG_CACHE_HOME")
                .or(() -> path(environment, "HOME").map(home -> home.resolve(".cache")))
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("stir");
        return isWritable(usual) ? of(usual) : instead(usual, environment);
    }

    private static Optional<Path> path(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /** Returns whether the folder is writable, or can be created. */
    private static boolean isWritable(Path folder) {
        var place = folder.toAbsolutePath();
        while (place.getParent() != null && !Files.exists(place)) {
            place = place.getParent();
        }
        return Files.isDirectory(place) && Files.isWritable(place);
    }

    private static CacheFolder instead(Path usual, Map<String, String> environment) {
        var temporary = path(environment, "TMPDIR").orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")));
        try {
            var folder = privateFolder(temporary);
            return new CacheFolder(
                    folder,
                    Optional.of(
                            "The cache folder %s can't be written: native libraries are unpacked into %s; set %s to a folder that lasts."
                                    .formatted(usual, folder, VARIABLE)));
        } catch (IOException e) {
            return new CacheFolder(
                    usual,
                    Optional.of(
                            "The cache folder %s can't be written, and neither can a private one in %s (%s): set %s to a folder that can."
                                    .formatted(usual, temporary, e.getMessage(), VARIABLE)));
        }
    }

    /**
     * Returns a folder that only this user can read and write, and creates it if necessary. One of
     * another user is refused: native code in it would run with this user's rights.
     */
    private static Path privateFolder(Path temporary) throws IOException {
        var user = owner(temporary);
        var folder = temporary.resolve("stir-" + user.getName().replaceAll("[^\\w.-]", "_"));
        if (!temporary.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Files.createDirectories(folder);
        }
        try {
            return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            var attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()
                    && attributes.owner().equals(user)
                    && OWNER_ONLY.containsAll(attributes.permissions())) {
                return folder;
            }
            throw new IOException(folder + " is not private to " + user.getName(), e);
        }
    }

    /** Returns the owner of new files. A user without a name has a number. */
    private static UserPrincipal owner(Path temporary) throws IOException {
        var probe = Files.createTempFile(temporary, "stir-", "");
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }
}
