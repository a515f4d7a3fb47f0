package stir.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.support.NativeLibraries;

class ResourcesTest {
    @TempDir
    Path folder;

    private ClassLoader jars(String... names) throws IOException {
        var source = Files.createDirectories(folder.resolve("jars/native"));
        for (String name : names) {
            Files.writeString(source.resolve(name), "content of " + name);
        }
        return new URLClassLoader(new URL[] {folder.resolve("jars").toUri().toURL()}, null);
    }

    private List<Path> entries(Path of) throws IOException {
        try (Stream<Path> found = Files.list(of)) {
            return found.toList();
        }
    }

    @Test
    void unpacksAllAtOnceAndOnce() throws IOException {
        var target = folder.resolve("cache/library-1");
        var loader = jars("a.so", "b.so");
        NativeLibraries.unpack(loader, List.of("native/a.so", "native/b.so"), target);
        assertEquals("content of b.so", Files.readString(target.resolve("b.so")));
        var changed = Files.getLastModifiedTime(target.resolve("a.so"));
        Files.delete(folder.resolve("jars/native/b.so")); // prevents another comparison
        NativeLibraries.unpack(loader, List.of("native/a.so", "native/b.so"), target);
        assertEquals(changed, Files.getLastModifiedTime(target.resolve("a.so")));
        assertEquals(List.of(target), entries(folder.resolve("cache")));
    }

    private ClassLoader jar(String... names) throws IOException {
        var jar = folder.resolve("native.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry("native/" + name));
                zip.write(("content of " + name).getBytes(StandardCharsets.UTF_8));
            }
        }
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
    }

    private void assertRepaired(ClassLoader loader) throws IOException {
        var target = folder.resolve("cache/library-1");
        var names = Map.of("native/a.so", "a.so", "native/b.so", "1-b.so");
        NativeLibraries.unpack(loader, names, target);
        var whole = target.resolve("1-b.so");
        for (String damage : new String[] {"content", "kontent of b.so", ""}) {
            Files.writeString(whole, damage);
            NativeLibraries.unpack(loader, names, target);
            assertEquals("content of b.so", Files.readString(whole));
        }
        Files.delete(whole);
        NativeLibraries.unpack(loader, names, target);
        assertEquals("content of b.so", Files.readString(whole));
        var other = Files.getLastModifiedTime(target.resolve("a.so"));
        Files.delete(target.resolve(".verified")); // as left by an older version
        NativeLibraries.unpack(loader, names, target);
        assertTrue(Files.exists(target.resolve(".verified")));
        assertEquals(other, Files.getLastModifiedTime(target.resolve("a.so")));
        assertEquals(List.of(target), entries(folder.resolve("cache")));
    }

    @Test
    void unpacksADamagedLibraryAgain() throws IOException {
        assertRepaired(jar("a.so", "b.so"));
    }

    @Test
    void unpacksADamagedLibraryAgainFromAFolder() throws IOException {
        assertRepaired(jars("a.so", "b.so"));
    }

    @Test
    void leavesNothingWhenALibraryIsMissing() throws IOException {
        var target = folder.resolve("cache/library-1");
        var loader = jars("a.so");
        var refusal = assertThrows(
                BackendException.class,
                () -> NativeLibraries.unpack(loader, List.of("native/a.so", "native/x.so"), target));
        assertTrue(refusal.getMessage().contains("native/x.so"), refusal.getMessage());
        assertEquals(List.of(), entries(folder.resolve("cache")));
    }

    @Test
    void severalProcessesUnpackAtTheSameTime() throws Exception {
        var target = folder.resolve("cache/library-1");
        var loader = jars("a.so", "b.so");
        var threads = Executors.newFixedThreadPool(8);
        try {
            var tasks = new ArrayList<Callable<Path>>();
            for (int i = 0; i < 32; i++) {
                tasks.add(() -> NativeLibraries.unpack(loader, List.of("native/a.so", "native/b.so"), target));
            }
            for (var result : threads.invokeAll(tasks)) {
                assertEquals(target, result.get());
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(3, entries(target).size(), "the libraries and their stamps");
        assertEquals(List.of(target), entries(folder.resolve("cache")));
    }

    @Test
    void sweepsTheFilesOfAKilledProcess() throws IOException {
        var left = Files.createDirectories(folder.resolve("cache/.unpacking-1"));
        Files.writeString(left.resolve("a.so"), "half");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
        var recent = Files.createDirectories(folder.resolve("cache/.unpacking-2"));
        NativeLibraries.unpack(jars("a.so"), List.of("native/a.so"), folder.resolve("cache/library-1"));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(recent));
    }

    @Test
    void aScopeClosesEverythingOnceInReverseOrder() {
        var closed = new ArrayList<String>();
        var scope = new Scope();
        scope.own(() -> closed.add("first"));
        scope.own(() -> {
            closed.add("second");
            throw new IOException("stuck");
        });
        scope.own(() -> {
            closed.add("third");
            throw new IOException("stuck too");
        });
        var failure = assertThrows(BackendException.class, scope::close);
        assertEquals(1, failure.getSuppressed().length);
        assertEquals(List.of("third", "second", "first"), closed);
        scope.close();
        assertEquals(3, closed.size());
    }

    @Test
    void aLibraryThatAnotherClassLoaderHasIsToldApartFromABrokenOne() {
        var elsewhere = new IllegalStateException(
                "Failed to load the library",
                new UnsatisfiedLinkError("Native Library /tmp/libc10.so already loaded in another classloader"));
        assertEquals(
                "PyTorch's native libraries are loaded once in a process, and another Stir has loaded them in this one: use that Stir.",
                NativeLibraries.loadedElsewhere("PyTorch", elsewhere)
                        .orElseThrow()
                        .getMessage());
        var broken = new UnsatisfiedLinkError("/tmp/libc10.so: file too short");
        assertTrue(NativeLibraries.loadedElsewhere("PyTorch", broken).isEmpty());
        assertTrue(
                NativeLibraries.loadedElsewhere("PyTorch", new LinkageError()).isEmpty());
    }

    @Test
    void aLibraryIsClaimedOnce() {
        NativeLibraries.claim("Once", "a");
        NativeLibraries.claim("Once", "a");
        var refusal = assertThrows(BackendException.class, () -> NativeLibraries.claim("Once", "another"));
        assertEquals(
                "Once's native libraries are loaded once in a process, and another Stir has loaded them in this one: use that Stir.",
                refusal.getMessage());
        System.clearProperty("stir.natives.Once");
    }
}
