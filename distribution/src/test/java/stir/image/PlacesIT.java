package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where the image runs from. */
class PlacesIT {
    private static final String VERSION = "stir " + System.getProperty("stir.version") + "\n";

    @Test
    void printsItsVersion() {
        assertEquals(VERSION, Image.built().stir("--version").run().done());
    }

    @Test
    void fromAPathWithSpacesAndLettersBeyondAscii() throws IOException {
        var copy = Image.built().copy(Image.scratch("a path").resolve("mit Größe"));
        assertEquals(VERSION, copy.stir("--version").run().done());
        var layers = copy.stir("layers", copy.demo("vgg0.script.pt"), "--format", "json")
                .run();
        assertEquals("classifier.relu1", layers.document().at("/default").asText());
    }

    @Test
    void throughLinksToItsLauncherAndFolder() throws IOException {
        var links = Image.scratch("links");
        var image = Image.built();
        var folder = Files.createSymbolicLink(links.resolve("folder"), image.folder());
        var relative = Files.createSymbolicLink(links.resolve("stir"), Path.of("folder/bin/stir"));
        var second = Files.createSymbolicLink(links.resolve("again"), Path.of("stir"));
        for (Path launcher : List.of(folder.resolve("bin/stir"), relative, second)) {
            assertTrue(image.launch(launcher, "backends").run().done().contains("djl"));
        }
    }

    @Test
    void fromAReadOnlyFolderThatItLeavesAsItWas() throws IOException {
        var copy = Image.built().copy(Image.scratch("read-only"));
        Image.each(copy.folder(), Comparator.reverseOrder(), path -> {
            if (Files.isDirectory(path)) {
                Image.makeWritable(path, false);
            }
        });
        var before = contents(copy.folder());
        var layers = copy.stir("layers", copy.demo("resnet0.script.pt"), "--format", "json")
                .run();
        assertEquals("flatten", layers.document().at("/default").asText());
        assertEquals(before, contents(copy.folder()));
        Image.delete(copy.folder());
    }

    @Test
    void withNothingInTheHomeFolderButItsCacheAndAtLongCommandLines() throws IOException {
        var home = Image.scratch("home of telemetry");
        var image = Image.built();
        var refused = image.stir("check", image.demo("vgg_gelu0.onnx"), "--layer", "x".repeat(9000))
                .with("ORT_DISABLE_TELEMETRY", "")
                .run();
        assertTrue(
                refused.out().replaceAll("\\s+", " ").contains("There is no layer 'xx"), refused.out() + refused.err());
        var ended = image.stir("layers", image.demo("vgg_gelu0.onnx"))
                .with("HOME", home.toString())
                .with("XDG_CACHE_HOME", "")
                .with("ORT_DISABLE_TELEMETRY", "")
                .run();
        assertEquals(0, ended.code(), ended.err());
        assertFalse(Files.exists(home.resolve(".cache/Microsoft")));
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        var contents = new TreeMap<String, String>();
        Image.each(
                folder,
                Comparator.naturalOrder(),
                path -> contents.put(
                        path.toString(),
                        Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS)
                                .toString()));
        return contents;
    }

    @Test
    void asTwoProcessesThatStartForTheFirstTimeAtOnce() throws Exception {
        var cache = Image.scratch("first start").resolve("cache");
        var image = Image.built();
        var model = image.demo("vgg0.script.pt");
        var launch = image.stir("layers", model, "--shape", "1x28x28", "--format", "json")
                .with("STIR_CACHE", cache.toString());
        var first = launch.start();
        var second = launch.start();
        assertEquals(first.end().document(), second.end().document());
        try (var left = Files.walk(cache)) {
            assertTrue(left.noneMatch(path -> path.getFileName().toString().startsWith(".unpacking")));
        }
    }

    @Test
    void withoutAHomeThatCanBeWritten() throws IOException {
        var folder = Image.scratch("no home");
        var home = Files.createFile(folder.resolve("home")).toString();
        var image = Image.built();
        var launch = image.stir("layers", image.demo("vgg_gelu0.onnx"), "--format", "json")
                .with("STIR_CACHE", "")
                .with("XDG_CACHE_HOME", "")
                .with("HOME", home)
                .with("TMPDIR", folder.toString());
        var ended = launch.run();
        assertEquals(0, ended.code(), ended.err());
        assertEquals(1, ended.err().lines().count(), ended.err());
        assertTrue(ended.err().startsWith("stir: warning: The cache folder " + home), ended.err());
        assertTrue(ended.err().contains("set STIR_CACHE"), ended.err());
        try (var made = Files.list(folder)) {
            var caches = made.filter(Files::isDirectory).toList();
            assertEquals(1, caches.size(), caches::toString);
            assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(caches.get(0))));
        }
        Image.delete(folder);
    }

    @Test
    void withoutTheVariableHomeTheCacheIsThatOfTheAccount() {
        var root = Path.of("/.cache/stir");
        boolean wasThere = Files.exists(root);
        Image.built()
                .stir("--version")
                .with("STIR_CACHE", "")
                .with("XDG_CACHE_HOME", "")
                .with("HOME", "")
                .run()
                .done();
        assertEquals(wasThere, Files.exists(root));
        var home = Path.of(System.getProperty("user.home"));
        assertTrue(!Files.isWritable(home) || Files.isDirectory(home.resolve(".cache/stir/crashes")));
    }

    @Test
    void passesOptionsToJava() {
        var run = Image.built().stir("--version").with("STIR_JAVA_OPTS", "-Xmx64m -Xlog:gc*:stderr");
        assertTrue(run.run().err().contains("Heap Max Capacity: 64M"));
    }
}
