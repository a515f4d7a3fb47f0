package stir.core.store;

import stir.api.DataException;
import stir.api.UsageException;
import stir.core.files.WholeFiles;
import stir.core.inversion.ResultFolder;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A folder of results that belongs to an identity, and that nobody else writes while it is held.
 */
public final class ClaimedFolder implements AutoCloseable {
    private final Path path;
    private final FolderLock lock;
    private final WholeFiles files;
    private Manifest manifest;

    private ClaimedFolder(Path path, FolderLock lock, WholeFiles files, Manifest manifest) {
        this.path = path;
        this.lock = lock;
        this.files = files;
        this.manifest = manifest;
    }

    /**
     * Takes a folder, which is created if need be.
     *
     * @param place which
     * @param identity what it is for
     * @throws UsageException if it belongs to another identity and that may not be replaced,
     *     another search writes into it, or it can't be written
     * @throws DataException if what it belongs to can't be told
     */
    public static ClaimedFolder of(ResultFolder place, Identity identity) {
        return of(place, identity, new WholeFiles());
    }

    static ClaimedFolder of(ResultFolder place, Identity identity, WholeFiles files) {
        var path = place.path();
        try {
            Files.createDirectories(path);
            var lock = FolderLock.of(path);
            try {
                var found = replaced(place, identity);
                if (found.isEmpty()) {
                    Files.deleteIfExists(path.resolve(Manifest.FILE)); // before what it describes
                    found = Optional.of(Manifest.of(identity));
                    write(path, files, found.get());
                }
                return new ClaimedFolder(path, lock, files, found.get());
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UsageException(
                    "Nothing can be written into %s (%s): name another folder with --out."
                            .formatted(path, e),
                    e);
        }
    }

    /** The manifest that stays; empty if there is none, or it is to be replaced. */
    private static Optional<Manifest> replaced(ResultFolder place, Identity identity) {
        try {
            var found = Manifest.read(place.path());
            if (found.isPresent() && place.replace()) {
                return found.filter(manifest -> manifest.identity().equals(identity));
            }
            found.ifPresent(manifest -> manifest.checkIs(identity, place.path()));
            return found;
        } catch (DataException e) {
            if (place.replace()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static void write(Path path, WholeFiles files, Manifest manifest) throws IOException {
        files.write(
                path.resolve(Manifest.FILE),
                out -> out.write(manifest.text().getBytes(StandardCharsets.UTF_8)));
    }

    Path path() {
        return path;
    }

    Identity identity() {
        return manifest.identity();
    }

    /** Facts about complete results; empty while the work goes on. */
    Map<String, String> results() {
        return manifest.results();
    }

    /** Notes that results are complete, or, with no facts, that they are not. */
    void setResults(Map<String, String> results) throws IOException {
        var changed = new Manifest(manifest.identity(), results);
        write(path, files, changed);
        manifest = changed;
    }

    /** Writes a file as a whole. */
    void write(String name, WholeFiles.Content content) throws IOException {
        files.write(path.resolve(name), content);
    }

    @Override
    public void close() {
        lock.close();
    }
}
