package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The archives for an installed Java: of this platform, and of each other one that the build was
 * asked for ({@code -Dstir.platform}, or the profile release).
 */
class PlainArchiveIT {
    private static final String VERSION = System.getProperty("stir.version");
    private static final Pattern NAME = Pattern.compile("stir-" + Pattern.quote(VERSION) + "-(.+)-java\\.zip");
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)*");

    private static Path target() {
        return Image.built().folder().resolveSibling(".");
    }

    static List<String> platforms() throws IOException {
        try (var files = Files.list(target())) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(name -> name.matches())
                    .map(name -> name.group(1))
                    .toList();
        }
    }

    private static final Map<String, Path> UNPACKED = new HashMap<>();

    /** Returns the first archive with those of backends over it, unpacked for all tests. */
    private static Path unpacked(String platform) throws IOException {
        var folder = UNPACKED.get(platform);
        if (folder == null) {
            folder = unpack(platform);
            UNPACKED.put(platform, folder);
        }
        return folder;
    }

    private static Path unpack(String platform) throws IOException {
        var place = Image.scratch("plain " + platform);
        var zip = target().resolve("stir-%s-%s-java.zip".formatted(VERSION, platform));
        try (var archive = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", "true"))) {
            Image.each(archive.getPath("/"), Comparator.naturalOrder(), path -> {
                var to = place.resolve(path.toString().substring(1));
                if (Files.isDirectory(path)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(path, to);
                    Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(path));
                }
            });
        }
        for (String backend : new String[] {"djl", "tf"}) {
            var archive = target().resolve("stir-backend-%s-%s-%s.tar.gz".formatted(backend, VERSION, platform));
            if (Files.exists(archive)) {
                new Launch(List.of("tar", "-xf", archive.toString(), "-C", place.toString()))
                        .run()
                        .done();
            }
        }
        return place.resolve("stir-" + VERSION);
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void holdsNativeCodeOfItsPlatformAndOfNoOther(String platform) throws IOException {
        var names = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("src/image/platforms.properties"))) {
            names.load(file);
        }
        Set<String> own = new TreeSet<>();
        for (String library : new String[] {"onnxruntime", "jna", "pytorch", "tensorflow"}) {
            own.add("/" + names.getProperty(platform + "." + library, "none") + "/");
        }
        var folder = unpacked(platform);
        var backends = new TreeSet<String>();
        var foreign = new TreeSet<String>();
        Image.each(folder, Comparator.naturalOrder(), path -> {
            if (path.toString().endsWith(".jar")) {
                try (var jar = new JarFile(path.toFile())) {
                    for (var entry : jar.stream().toList()) {
                        if (NATIVE.matcher(entry.getName()).matches()) {
                            backends.add(folder.relativize(path).getName(1).toString());
                            if (own.stream().noneMatch(entry.getName()::contains)) {
                                foreign.add(path.getFileName() + "!" + entry.getName());
                            }
                        }
                    }
                }
            }
        });
        assertEquals(Set.of(), foreign);
        assertEquals(Set.of("djl", "onnx", "tf"), backends);
    }

    @ParameterizedTest
    @MethodSource("platforms")
    void hasTheLauncherOfItsSystemAndNoJava(String platform) throws IOException {
        var folder = unpacked(platform);
        boolean isWindows = platform.startsWith("windows");
        try (var launchers = Files.list(folder.resolve("bin"))) {
            assertEquals(
                    isWindows ? List.of("stir.cmd") : List.of("stir", "stir-gpu"),
                    launchers
                            .map(file -> file.getFileName().toString())
                            .sorted()
                            .toList());
        }
        if (isWindows) {
            var text = Files.readString(folder.resolve("bin/stir.cmd"));
            assertEquals(text.lines().count(), text.split("\r\n", -1).length - 1, "cmd's line ends");
        } else {
            var launcher = folder.resolve("bin/stir");
            assertTrue(Files.getPosixFilePermissions(launcher).contains(PosixFilePermission.OTHERS_EXECUTE));
            new Launch(List.of("sh", "-n", launcher.toString())).run().done();
        }
        assertFalse(Files.exists(folder.resolve("runtime")));
        for (String needed : new String[] {"modules/stir-%s.jar", "modules/stir-api-%s.jar", "licences/bom.cdx.json"}) {
            assertTrue(Files.exists(folder.resolve(needed.formatted(VERSION))), needed);
        }
    }

    @Test
    void runsWithTheInstalledJava() throws IOException {
        var image = new Image(unpacked(System.getProperty("stir.machine")));
        var home = System.getProperty("java.home");
        assertEquals(
                "stir " + VERSION + "\n",
                image.stir("--version").with("JAVA_HOME", home).run().done());
        for (String model : new String[] {"vgg_gelu0.onnx", "vgg_gelu0.script.pt"}) {
            var layers = image.stir("layers", image.demo(model), "--format", "json");
            assertEquals(
                    "classifier.relu1",
                    layers.with("JAVA_HOME", home)
                            .run()
                            .document()
                            .at("/default")
                            .asText());
        }
        var sentence =
                image.stir("--version").with("JAVA_HOME", "/nowhere").run().failure(1);
        assertTrue(sentence.contains("needs Java 17 or newer"), sentence);
    }
}
