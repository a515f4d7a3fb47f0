package stir.api.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbandonedFilesTest {
    private static final String PREFIX = ".unfinished-";

    @TempDir
    private Path folder;

    private Path old(String name) throws Exception {
        var entry = Files.createDirectory(folder.resolve(name));
        Files.createFile(entry.resolve("half"));
        var time = Instant.now().minus(Duration.ofHours(2));
        return Files.setLastModifiedTime(entry, FileTime.from(time));
    }

    @Test
    void onlyOldUnfinishedFilesAreRemoved() throws Exception {
        var abandoned = old(PREFIX + "1");
        var finished = old("library");
        var young = Files.createFile(folder.resolve(PREFIX + "2"));
        AbandonedFiles.sweep(folder, PREFIX);
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(finished.resolve("half")));
        assertTrue(Files.exists(young));
        AbandonedFiles.sweep(folder.resolve("nowhere"), PREFIX);
    }

    /**
     * Another process may finish its file after the folder is listed and before the file is read.
     */
    @Test
    void filesThatVanishMeanwhileAreIgnored() throws Exception {
        var done = new AtomicBoolean();
        var others = Executors.newFixedThreadPool(1);
        try {
            var coming = others.submit(() -> {
                int made = 0;
                while (!done.get() || made == 0) {
                    Files.delete(Files.createTempFile(folder, PREFIX, ""));
                    made++;
                }
                return made;
            });
            for (int i = 0; i < 3000; i++) {
                AbandonedFiles.sweep(folder, PREFIX);
            }
            done.set(true);
            assertTrue(coming.get() > 0);
        } finally {
            done.set(true);
            others.shutdown();
        }
        try (var left = Files.list(folder)) {
            assertEquals(0, left.count());
        }
    }
}
