package stir.api.support;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Why a file can't be read or written, as the inside of a sentence that names the file itself:
 * without Java's classes and the path, in the system's words where it has some.
 *
 * @since 0.1.0
 */
public final class IoReason {
    private IoReason() {}

    /** The reason of a failure. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it is not there";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not in UTF-8";
        }
        var reason =
                e instanceof FileSystemException ofFile && ofFile.getReason() != null
                        ? ofFile.getReason()
                        : e.getMessage();
        return reason == null ? "no reason is known" : reason;
    }
}
