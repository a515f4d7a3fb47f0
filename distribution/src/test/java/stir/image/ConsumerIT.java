package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A program that takes Stir from a Maven repository, started in both of Java's ways. */
class ConsumerIT {
    private static final String OUTPUT = "STIR 0\\.\\d+\npage of 2 scores\nnamed false\n";

    private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"(1[7-9]|[2-9]\\d)");

    private static Path target = Path.of("");
    private static Path guide = Path.of("");

    @BeforeAll
    static void build() throws IOException, InterruptedException {
        var folder = Image.scratch("consumer");
        var projects = Map.of("consumer", Path.of("src/test/consumer"), "guide", guide(folder));
        var built = new AuthorsBuild(Files.createDirectory(folder.resolve("author"))).of(projects);
        target = built.resolve("consumer/target");
        guide = built.resolve("guide/target");
    }

    /** Writes the project that the guide shows. */
    private static Path guide(Path folder) throws IOException {
        var project = Files.createDirectories(folder.resolve("embedding"));
        var text = Files.readString(Path.of("docs/embedding.md"));
        Files.copy(Path.of("examples/embedding/pom.xml"), project.resolve("pom.xml"));
        var sources = Files.createDirectories(project.resolve("src/main/java"));
        Files.writeString(sources.resolve("Embedding.java"), block(text, "java", "// Embedding.java"));
        return project;
    }

    @Test
    void thePomOfTheGuideBuildsItsProgram() throws IOException {
        assertTrue(Files.exists(guide.resolve("classes/Embedding.class")));
        try (var jars = Files.list(guide.resolve("dependency"))) {
            assertTrue(jars.anyMatch(jar -> jar.getFileName().toString().startsWith("stir-backend-onnx")));
        }
    }

    @Test
    void theProgramOfTheGuidePrintsWhatTheGuideShows() throws IOException {
        var command = Launch.java(List.of(
                "-cp",
                guide.resolve("classes") + File.pathSeparator + guide.resolve("dependency") + "/*",
                "Embedding"));
        var launch = new Launch(command).in(Image.built().folder()).with("STIR_CACHE", cache().toString());
        var text = Files.readString(Path.of("docs/embedding.md"));
        var printed = output(launch);
        var shown = ShownOutput.between(block(text, "text", "STIR("), printed, PageRun.hasNumbersOfPages());
        assertEquals(Optional.empty(), shown, printed);
    }

    /** Returns the block of a language that begins with a text. */
    private static String block(String page, String language, String beginning) {
        var head = "```" + language + "\n";
        int begin = page.indexOf(head + beginning) + head.length();
        return page.substring(begin, page.indexOf("```", begin));
    }

    private static List<Path> dependencies() throws IOException {
        try (var files = Files.list(target.resolve("dependency"))) {
            return files.sorted().toList();
        }
    }

    private static String joined(List<Path> paths) {
        return paths.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static Launch java(List<String> options) {
        return demo(Launch.java(options));
    }

    /** Returns the other installed Javas from 17 on. */
    private static List<Path> others() throws IOException {
        var launchers = new ArrayList<Path>();
        var here = Path.of(System.getProperty("java.home")).toRealPath();
        var folder = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(folder)) {
            return launchers;
        }
        try (var homes = Files.list(folder)) {
            for (var home :
                    homes.filter(path -> !Files.isSymbolicLink(path)).sorted().toList()) {
                var release = home.resolve("release");
                var java = home.resolve("bin/java");
                if (Files.exists(release)
                        && Files.isExecutable(java)
                        && !home.toRealPath().equals(here)
                        && RELEASE.matcher(Files.readString(release)).find()) {
                    launchers.add(java);
                }
            }
        }
        return launchers;
    }

    /** Returns the start of a program with the demo's folder as its argument. */
    private static Launch demo(List<String> command) {
        command.add(Image.built().folder().resolve("demo").toString());
        return new Launch(command).with("STIR_CACHE", cache().toString());
    }

    private static Path cache() {
        return Image.built().folder().resolveSibling("image-tests").resolve("cache");
    }

    @Test
    void nobodyIsForcedToLogSomewhere() throws IOException {
        var names = dependencies().stream()
                .map(path -> path.getFileName().toString())
                .toList();
        assertTrue(names.stream().anyMatch(name -> name.startsWith("slf4j-api")), names::toString);
        assertFalse(names.stream().anyMatch(name -> name.startsWith("slf4j-jdk14")), names::toString);
    }

    /** Its name is no module's. */
    private static boolean isNative(Path path) {
        return path.getFileName().toString().startsWith("pytorch-native-cpu");
    }

    /** Returns what a program prints that ends well, and prints nothing on standard error. */
    private static String output(Launch launch) {
        var ended = launch.run();
        assertEquals(0, ended.code(), ended.err());
        assertEquals("", ended.err());
        return ended.out();
    }

    private static List<String> onModulePath() throws IOException {
        var natives = new ArrayList<>(dependencies());
        natives.removeIf(path -> !isNative(path));
        var modules = new ArrayList<>(List.of(target.resolve("classes")));
        modules.addAll(dependencies());
        modules.removeIf(ConsumerIT::isNative);
        return List.of(
                "-cp",
                joined(natives),
                "-p",
                joined(modules),
                "-m",
                "org.example.embedding/org.example.embedding.Main");
    }

    private static List<String> onClassPath() throws IOException {
        var all = new ArrayList<>(List.of(target.resolve("classes")));
        all.addAll(dependencies());
        return List.of("-cp", joined(all), "org.example.embedding.Main");
    }

    /** The class path is that of a linked Java, by the guide's command: Java can't link the automatic modules of the backends. */
    @Test
    void onTheClassPathOfALinkedJavaAndOnTheModulePathTheSame() throws IOException {
        var text = Files.readString(Path.of("docs/embedding.md"));
        var command = block(text, "shell external", "jlink").strip();
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.set(0, Path.of(System.getProperty("java.home"), "bin", "jlink").toString());
        var linked = target.resolve("java");
        words.set(words.indexOf("target/java"), linked.toString());
        assertEquals("", output(new Launch(words)));
        var start = new ArrayList<>(List.of(linked.resolve("bin/java").toString()));
        start.addAll(List.of("--enable-native-access=ALL-UNNAMED", Launch.SHORT_LIVED));
        start.addAll(onClassPath());
        var printed = output(demo(start));
        assertTrue(printed.matches(OUTPUT), printed);
        assertEquals(printed.replace("false", "true"), output(java(onModulePath())));
    }

    /** Starts it without options for modules, so that newer Javas print warnings. */
    @Test
    void otherJavasFindModulesWithoutAFlag() throws IOException {
        for (var java : others()) {
            var command = new ArrayList<>(List.of(java.toString(), Launch.SHORT_LIVED));
            command.addAll(onModulePath());
            var ended = demo(command).run();
            assertEquals(0, ended.code(), ended.err());
            assertTrue(ended.out().matches(OUTPUT.replace("false", "true")), ended.out());
        }
    }
}
