package stir.core.io.files;

import java.nio.file.Path;

/** The differences between the file systems of operating systems. */
final class SystemRules {
    private SystemRules() {}

    /**
     * Returns whether a file system has the rules of POSIX: open files can be renamed and deleted,
     * and a folder can be opened to flush its entries. That of Windows has not.
     */
    static boolean arePosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
