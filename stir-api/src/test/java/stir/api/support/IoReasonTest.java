package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class IoReasonTest {
    @Test
    void remediesFitTheReason() {
        assertEquals("free some disk", IoReason.remedy(new IOException("No space left on device")));
        assertEquals("free some disk", IoReason.remedy(new IOException("Disk quota exceeded")));
        assertEquals("make it writable", IoReason.remedy(new AccessDeniedException("/a/b")));
        assertEquals(
                "make it writable", IoReason.remedy(new FileSystemException("/a", null, "Operation not permitted")));
        assertEquals("make it writable", IoReason.remedy(new FileSystemException("/a", null, "Read-only file system")));
        assertEquals(
                "check the path and its permissions",
                IoReason.remedy(new FileSystemException("/a", null, "Not a directory")));
    }

    @Test
    void namesNeitherClassesNorPaths() {
        assertEquals(
                "Read-only file system", IoReason.of(new FileSystemException("/a/b", null, "Read-only file system")));
        assertEquals("No space left on device", IoReason.of(new IOException("No space left on device")));
        assertEquals("it is not there", IoReason.of(new NoSuchFileException("/a/b")));
        assertEquals("permission denied", IoReason.of(new AccessDeniedException("/a/b")));
        assertEquals("it is not in UTF-8", IoReason.of(new MalformedInputException(1)));
        assertEquals("no reason is known", IoReason.of(new IOException()));
    }
}
