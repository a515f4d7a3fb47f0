package stir.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

class ResourcesTest {
    @TempDir Path folder;

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
        Files.writeString(target.resolve("a.so"), "mine");
        NativeLibraries.unpack(loader, List.of("native/a.so", "native/b.so"), target);
        assertEquals("mine", Files.readString(target.resolve("a.so")));
        assertEquals(List.of(target), entries(folder.resolve("cache")));
    }

    @Test
    void leavesNothingWhenALibraryIsMissing() throws IOException {
        var target = folder.resolve("cache/library-1");
        var loader = jars("a.so");
        var refusal =
                assertThrows(
                        BackendException.class,
                        () ->
                                NativeLibraries.unpack(
                                        loader, List.of("native/a.so", "native/x.so"), target));
        assertTrue(refusal.getMessage().contains("native/x.so"), refusal.getMessage());
        assertEquals(List.of(), entries(folder.resolve("cache")));
    }

    @Test
    void manyUnpackAtTheSameTime() throws Exception {
        var target = folder.resolve("cache/library-1");
        var loader = jars("a.so", "b.so");
        var threads = Executors.newFixedThreadPool(8);
        try {
            var tasks = new ArrayList<Callable<Path>>();
            for (int i = 0; i < 32; i++) {
                tasks.add(
                        () ->
                                NativeLibraries.unpack(
                                        loader, List.of("native/a.so", "native/b.so"), target));
            }
            for (var result : threads.invokeAll(tasks)) {
                assertEquals(target, result.get());
            }
        } finally {
            threads.shutdown();
        }
        assertEquals(2, entries(target).size());
        assertEquals(List.of(target), entries(folder.resolve("cache")));
    }

    @Test
    void sweepsWhatAKilledProcessLeft() throws IOException {
        var left = Files.createDirectories(folder.resolve("cache/.unpacking-1"));
        Files.writeString(left.resolve("a.so"), "half");
        Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(3))));
        var recent = Files.createDirectories(folder.resolve("cache/.unpacking-2"));
        NativeLibraries.unpack(
                jars("a.so"), List.of("native/a.so"), folder.resolve("cache/library-1"));
        assertFalse(Files.exists(left));
        assertTrue(Files.exists(recent));
    }

    @Test
    void aScopeClosesEverythingInReverseAndOnce() {
        var closed = new ArrayList<String>();
        var scope = new Scope();
        scope.own(() -> closed.add("first"));
        scope.own(
                () -> {
                    closed.add("second");
                    throw new IOException("stuck");
                });
        scope.own(
                () -> {
                    closed.add("third");
                    throw new IOException("stuck too");
                });
        var failure = assertThrows(BackendException.class, scope::close);
        assertEquals(1, failure.getSuppressed().length);
        assertEquals(List.of("third", "second", "first"), closed);
        scope.close();
        assertEquals(3, closed.size());
    }
}
