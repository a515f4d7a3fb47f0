package stir.api.support;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;

/**
 * The reason why a file can't be read or written, as part of a sentence that names the file:
 * without Java's class names and the path, in the operating system's words if possible.
 *
 * @since 0.1.0
 */
public final class IoReason {
    private IoReason() {}

    /** Returns what makes room or a right for writing after a failure, as a part of a sentence. */
    public static String remedy(IOException e) {
        var reason = of(e).toLowerCase(Locale.ROOT);
        if (reason.contains("no space") || reason.contains("quota")) {
            return "free some disk";
        }
        return reason.contains("permi") || reason.contains("read-only")
                ? "make it writable"
                : "check the path and its permissions";
    }

    /** Returns the reason of a failure. */
    public static String of(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it is not there";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof EOFException) {
            return "it ends too early";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not in UTF-8";
        }
        var reason = e instanceof FileSystemException ofFile && ofFile.getReason() != null
                ? ofFile.getReason()
                : e.getMessage();
        return reason == null
                ? "no reason is known"
                : reason.replaceFirst("^invalid \\w+ header \\((.+)\\)$", "$1"); // of a zip
    }
}
