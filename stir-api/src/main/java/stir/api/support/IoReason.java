package stir.api.support;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * The reason why a file can't be read or written, as part of a sentence that names the file:
 * without Java's class names and the path, in the operating system's words where possible.
 *
 * @since 0.1.0
 */
public final class IoReason {
    private IoReason() {}

    /** Returns the reason of a failure. */
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
