package stir.core.network.open;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheFolderTest {
    @TempDir
    Path folder;

    /** Returns the environment of a user whose home is a file, which nobody can write into. */
    private Map<String, String> withoutHome() throws IOException {
        var home = folder.resolve("home");
        if (!Files.exists(home)) {
            Files.createFile(home);
        }
        return new HashMap<>(Map.of("HOME", home.toString(), "TMPDIR", folder.toString()));
    }

    @Test
    void theFolderIsThatOfTheVariableOrOfTheUser() {
        var home = folder.toString();
        assertEquals(
                CacheFolder.of(folder.resolve(".cache/stir")), CacheFolder.of(Map.of("HOME", home, "STIR_CACHE", " ")));
        assertEquals(
                CacheFolder.of(folder.resolve("x/stir")),
                CacheFolder.of(Map.of("HOME", "/", "XDG_CACHE_HOME", home + "/x")));
        assertEquals(CacheFolder.of(Path.of("/chosen")), CacheFolder.of(Map.of("HOME", home, "STIR_CACHE", "/chosen")));
        assertFalse(Files.exists(folder.resolve(".cache")), "created on demand");
    }

    @Test
    void aPrivateTemporaryFolderReplacesOneThatCannotBeWritten() throws IOException {
        var first = CacheFolder.of(withoutHome());
        var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(first.path()));
        assertEquals("rwx------", mode);
        assertEquals(folder, first.path().getParent());
        assertEquals(
                Optional.of(
                        "The cache folder %s can't be written: native libraries are unpacked into %s; set STIR_CACHE to a folder that lasts."
                                .formatted(folder.resolve("home/.cache/stir"), first.path())),
                first.problem());
        assertEquals(first, CacheFolder.of(withoutHome()), "the same one at the next start");
        try (var left = Files.list(folder)) {
            assertEquals(2, left.count(), "the home and the folder");
        }
    }

    @Test
    void aFolderThatOthersCanWriteOrALinkIsRefused() throws IOException {
        var made = CacheFolder.of(withoutHome()).path();
        Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertRefused();
        Files.delete(made);
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(made, elsewhere);
        assertRefused();
    }

    private void assertRefused() throws IOException {
        var refused = CacheFolder.of(withoutHome());
        assertEquals(folder.resolve("home/.cache/stir"), refused.path());
        var problem = refused.problem().orElseThrow();
        assertTrue(problem.contains("is not private to"), problem);
        assertTrue(problem.endsWith("set STIR_CACHE to a folder that can."), problem);
    }

    @Test
    void theVariableIsNamedWhereNoTemporaryFolderCanBeMade() throws IOException {
        var environment = withoutHome();
        environment.put("TMPDIR", folder.resolve("none").toString());
        var problem = CacheFolder.of(environment).problem().orElseThrow();
        assertTrue(problem.contains("STIR_CACHE"), problem);
    }
}
