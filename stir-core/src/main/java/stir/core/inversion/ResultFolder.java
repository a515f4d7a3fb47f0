package stir.core.inversion;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A folder in which a search or a comparison keeps what it has found, as it goes: after its process
 * was killed, the same request goes on where it stopped, and ends with the same results as if
 * nothing had happened. A folder whose results are complete is not searched for again.
 *
 * <p>{@code manifest.txt} tells all that the results depend on: the settings, the networks' and
 * inputs' hashes, Stir's version. A folder that belongs to another request is refused, unless that
 * may be replaced. Only one process at a time can write into a folder.
 *
 * <p>A search leaves {@code invariant.npy} with the invariant inputs and {@code rows.csv} with each
 * input's residual, passes and distance moved. A comparison keeps its searches in the folders
 * {@code search-a} and {@code search-b}, and repeats in {@code search-a/repeat-1} and so on.
 *
 * @param path the folder; it may not exist yet, nor its parents
 * @param replace whether results of another request give way
 */
public record ResultFolder(Path path, boolean replace) {
    /** The file that tells what a folder belongs to. */
    public static final String MANIFEST = "manifest.txt";

    /** Checks that there is a path. */
    public ResultFolder {
        Objects.requireNonNull(path, "path");
    }

    /** A folder for one request: another one's results do not give way. */
    public static ResultFolder of(Path path) {
        return new ResultFolder(path, false);
    }

    /** Whether a search or comparison has been begun in it, whichever that was. */
    public boolean isBegun() {
        return Files.exists(path.resolve(MANIFEST));
    }

    /** A folder in this one. */
    public ResultFolder within(String name) {
        return new ResultFolder(path.resolve(name), replace);
    }
}
