package stir.core.extension.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Scale;
import stir.api.SimilarityMeasure;

/**
 * Tests that an application and a drop-in each use the library versions that they were built with.
 */
class DropInLoaderTest {
    private static final String MEASURE = """
            public final class Probe implements stir.api.SimilarityMeasure {
                @Override public String id() { return "codec-" + Codec.version(); }
                @Override public String description() { return "any"; }
                @Override public stir.api.Scale scale() { return stir.api.Scale.UNIT; }
                @Override public double compare(stir.api.Matrix a, stir.api.Matrix b) { return 1; }
            }
            """;
    private static final Map<String, String> SERVICE = Map.of(SimilarityMeasure.class.getName(), "Probe");

    @TempDir
    private Path folder;

    /** Returns the source of a version of a library of one class. */
    private static String codec(int version) {
        return "public final class Codec { public static int version() { return %d; } }".formatted(version);
    }

    /** Writes the application's library, of version 1. */
    private Path library() throws IOException {
        var jar = folder.resolve("library.jar");
        new JarAuthor(folder).write(jar, Map.of("Codec", codec(1)), Map.of("any", "old"));
        return jar;
    }

    /** Writes a drop-in that was built with version 2. */
    private Path dropIn() throws IOException {
        var jar = Files.createDirectories(folder.resolve("plugins")).resolve("Probe.jar");
        new JarAuthor(folder).write(jar, Map.of("Probe", MEASURE, "Codec", codec(2)), SERVICE);
        return jar;
    }

    private static URL[] urls(Path jar) throws IOException {
        return new URL[] {jar.toUri().toURL()};
    }

    private static Object version(ClassLoader loader) throws ReflectiveOperationException {
        return loader.loadClass("Codec").getMethod("version").invoke(null);
    }

    private static String text(URL resource) throws IOException {
        try (var in = resource.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void eachSideHasItsOwnVersionOfALibrary() throws Exception {
        var stir = DropInLoaderTest.class.getClassLoader();
        try (var application = new URLClassLoader(urls(library()), stir);
                var loader = new DropInLoader("probe", urls(dropIn()), application)) {
            assertEquals(1, version(application));
            assertEquals(2, version(loader));
            var probe = loader.loadClass("Probe").getConstructor().newInstance();
            assertEquals("codec-2", ((SimilarityMeasure) probe).id());
        }
    }

    @Test
    void missingClassesComeFromTheApplication() throws Exception {
        var empty = folder.resolve("empty.jar");
        new JarAuthor(folder).write(empty, Map.of(), Map.of("none", "here"));
        var stir = DropInLoaderTest.class.getClassLoader();
        try (var application = new URLClassLoader(urls(library()), stir);
                var loader = new DropInLoader("probe", urls(empty), application)) {
            assertEquals(1, version(loader));
            assertEquals("old", text(loader.getResource("META-INF/services/any")));
        }
    }

    @Test
    void stirComesFromTheApplicationEvenIfAJarHasIt() throws Exception {
        var classes = JarAuthor.place(SimilarityMeasure.class);
        var stir = DropInLoaderTest.class.getClassLoader();
        try (var loader = new DropInLoader("probe", urls(classes), stir);
                var alone = new URLClassLoader(urls(classes), null)) {
            var name = Scale.class.getName();
            assertNotSame(Scale.class, alone.loadClass(name));
            assertSame(Scale.class, loader.loadClass(name));
        }
    }

    @Test
    void aDropInsResourcesComeFirst() throws Exception {
        var jar = folder.resolve("resources.jar");
        new JarAuthor(folder).write(jar, Map.of(), Map.of("any", "new"));
        var stir = DropInLoaderTest.class.getClassLoader();
        try (var application = new URLClassLoader(urls(library()), stir);
                var loader = new DropInLoader("probe", urls(jar), application)) {
            var name = "META-INF/services/any";
            assertEquals("new", text(loader.getResource(name)));
            var all = Collections.list(loader.getResources(name));
            assertEquals(2, all.size(), all::toString);
            assertEquals("new", text(all.get(0)));
        }
    }

    @Test
    @Timeout(60)
    void anApplicationWithAnotherVersionDoesNotAffectADropIn() throws Exception {
        dropIn();
        var process = LoadedPlugins.start(folder, library());
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(50, TimeUnit.SECONDS));
        assertTrue(output.contains("codec-2"), output);
        assertFalse(output.contains("codec-1"), output);
    }
}
