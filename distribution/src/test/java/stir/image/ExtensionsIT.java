package stir.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.cli.ResultFormatsTest;

/** Plug-ins and backends that are dropped in, broken or taken away. */
class ExtensionsIT {
    private static Path apiJar() throws IOException {
        var modules = Image.built().folder().resolveSibling("modules");
        try (Stream<Path> jars = Files.list(modules)) {
            return jars.filter(jar -> jar.getFileName().toString().startsWith("stir-api-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String[] matrices(Path folder) throws IOException {
        var x = Files.writeString(folder.resolve("x.csv"), "1,2\n3,5\n4,4\n");
        var y = Files.writeString(folder.resolve("y.csv"), "1\n2\n3\n");
        return new String[] {x.toString(), y.toString()};
    }

    @Test
    void measuresOfUsersAreListedAndUsedAndBrokenOnesDisturbNothing() throws IOException {
        var folder = Image.scratch("plug-ins");
        var image = Image.built().copy(folder.resolve("image"));
        var plugins = image.folder().resolve("plugins");
        var author = new PluginJar(Files.createDirectory(folder.resolve("author")), apiJar());
        author.modular("Quarter", "quarter", 0.25, plugins.resolve("a-modular.jar"));
        author.plain("Half", "half", 0.5, plugins.resolve("b-plain.jar"));

        var files = matrices(folder);
        var values = image.stir(
                        "similarity",
                        files[0],
                        files[1],
                        "--measure",
                        "quarter",
                        "--measure",
                        "half",
                        "--format",
                        "json")
                .run();
        assertEquals(
                "{\"quarter\":0.25,\"half\":0.5}",
                values.document().path("similarity").toString());

        author.plain("Other", "half", 0.75, plugins.resolve("c-same-id.jar"));
        author.forNewerJava("Newer", plugins.resolve("d-newer.jar"));
        Files.writeString(plugins.resolve("e-broken.jar"), "no jar at all");
        var run = image.stir("measures").run();
        assertEquals(0, run.code(), run.err());
        for (String id : new String[] {"\n  quarter ", "\n  half ", "\n  linear-cka "}) {
            assertTrue(run.out().contains(id), run.out());
        }
        var problems = run.err().lines().toList();
        assertEquals(3, problems.size(), run.err());
        assertTrue(problems.get(0).contains("c-same-id.jar") && problems.get(0).contains("'half'"));
        assertTrue(problems.get(1).contains("d-newer.jar") && problems.get(1).contains("newer Java"));
        assertTrue(problems.get(2).contains("e-broken.jar"), run.err());
        assertFalse(run.out().contains("from-the-future"));

        var stillHalf = image.stir("similarity", files[0], files[1], "--measure", "half", "--format", "json")
                .run();
        assertEquals(
                "{\"schema\": \"stir-similarity/1\", \"similarity\": {\"half\": 0.5}}\n",
                stillHalf.out(),
                "the first of the two");
    }

    /** Statements that do not end, and leave the processor to other tests. */
    private static final String ENDLESS = "System.err.println(\"endless\"); while (!toString().isEmpty())"
            + " java.util.concurrent.locks.LockSupport.parkNanos(1000000);";

    /** An image with one plug-in, which runs statements at one of three places. */
    private static Image withUnkind(String name, String place, String statements) throws IOException {
        var folder = Image.scratch("unkind-" + name);
        var image = Image.built().copy(folder.resolve("image"));
        var author = new PluginJar(Files.createDirectory(folder.resolve("author")), apiJar());
        author.unkind(
                name,
                place.equals("constructor") ? statements : "",
                place.equals("description") ? statements : "",
                place.equals("compare") ? statements : "",
                image.folder().resolve("plugins").resolve(name + ".jar"));
        return image;
    }

    private static String[] similarity(String name) throws IOException {
        var files = matrices(Image.scratch("matrices-" + name));
        return new String[] {"similarity", files[0], files[1], "--measure", name};
    }

    @ParameterizedTest
    @CsvSource({
        "HaltCtor, constructor, Runtime.getRuntime().halt(0);, 1, A plug-in or a library ended the process: nothing was saved; replace or remove one of plugins/HaltCtor.jar.",
        "HaltText, description, Runtime.getRuntime().halt(0);, 1, A plug-in or a library ended the process: nothing was saved; replace or remove one of plugins/HaltText.jar.",
        "HaltCmp, compare, Runtime.getRuntime().halt(0);, 1, A plug-in or a library ended the process: nothing was saved; replace or remove one of plugins/HaltCmp.jar.",
        "ExitCtor, constructor, System.exit(0);, 1, A plug-in or a library called System.exit: nothing was saved.",
        "ExitCmp, compare, System.exit(0);, 1, A plug-in or a library called System.exit: nothing was saved."
    })
    void aPlugInThatEndsTheProcessIsReported(String name, String place, String statements, int code, String words)
            throws IOException {
        var sentence =
                withUnkind(name, place, statements).stir(similarity(name)).run().failure(code);
        assertEquals("stir: " + words, sentence.strip());
    }

    @ParameterizedTest
    @CsvSource({"LoopCtor, constructor", "LoopText, description", "LoopCmp, compare"})
    void aCallThatDoesNotReturnIsStoppedWithoutDelay(String name, String place) throws Exception {
        var image = withUnkind(name, place, ENDLESS);
        var running = image.stir(similarity(name)).start();
        while (!running.errorsSoFar().contains("endless")) {
            assertTrue(running.process().isAlive(), running.errorsSoFar());
            TimeUnit.MILLISECONDS.sleep(100);
        }
        long asked = System.nanoTime();
        running.process().destroy();
        var ended = running.end();
        assertEquals(130, ended.code(), ended.err());
        var sentence = "Interrupted during a step that did not end";
        assertTrue(ended.err().contains(sentence), ended.err());
        assertTrue(System.nanoTime() - asked < TimeUnit.SECONDS.toNanos(6), "2 s, under load more");
    }

    /** The other measures go on, so that the failure is part of a result. */
    @Test
    void theStackTraceOfAComparisonThatFailsIsShownOnRequest() throws IOException {
        var image = withUnkind("ThrowCmp", "compare", "if (true) throw new ArithmeticException();");
        var arguments = similarity("ThrowCmp");
        var usual = image.stir(arguments).run();
        assertTrue(!usual.err().contains("ThrowCmp.compare("), usual.err());
        var asked = Arrays.copyOf(arguments, arguments.length + 1);
        asked[arguments.length] = "--debug";
        var shown = image.stir(asked).run();
        assertTrue(shown.err().contains("org.example.ThrowCmp.compare("), shown.err());
    }

    /** Projects from the three templates, built at once. */
    private static Path templates = Path.of("");

    @BeforeAll
    static void buildTemplates() throws IOException, InterruptedException {
        var folder = Image.scratch("templates");
        var projects = new TreeMap<String, Path>();
        for (var kind : List.of("measure my-measure", "term scheme", "backend my-backend")) {
            var words = kind.split(" ", -1);
            var project = folder.resolve("new " + words[0]);
            Image.built()
                    .stir("plugins", "new", words[0], words[1], "--out", project.toString())
                    .run()
                    .done();
            projects.put(words[0], project);
        }
        templates = new AuthorsBuild(Files.createDirectory(folder.resolve("author"))).of(projects);
    }

    /** Returns the built project of a kind, whose test of the contract was run. */
    private static Path built(String kind, String test) {
        var project = templates.resolve(kind);
        var report = project.resolve("target/surefire-reports/TEST-%s.xml".formatted(test));
        assertTrue(Files.exists(report), report::toString);
        return project;
    }

    @Test
    void theTemplateOfAMeasureIsBuiltAndDroppedIn() throws IOException {
        var folder = Image.scratch("measure-template");
        var image = Image.built().copy(folder.resolve("image"));
        var project = built("measure", "org.example.mymeasure.MyMeasureTest");
        Files.copy(project.resolve("target/my-measure-1.0.jar"), image.folder().resolve("plugins/my-measure-1.0.jar"));
        var x = Files.writeString(folder.resolve("x.csv"), "1,0\n0,2\n").toString();
        var y = Files.writeString(folder.resolve("y.csv"), "3,0\n1,1\n").toString();
        var value = image.stir("similarity", x, y, "--measure", "my-measure", "--format", "json")
                .run()
                .document()
                .at("/similarity/my-measure");
        assertEquals((1 + Math.sqrt(0.5)) / 2, value.asDouble(), 1e-12);
        assertTrue(image.stir("measures").run().done().contains("\n  my-measure "));
    }

    @Test
    void theTemplateOfATermIsBuiltAndDroppedIn() throws IOException {
        var image = Image.built();
        var project = built("term", "org.example.scheme.SchemeTest");
        var plugins = project.resolve("target").toString();
        var list = image.stir("plugins", "--plugins", plugins, "--format", "json")
                .run()
                .document();
        assertEquals("stir-plugins", ResultFormatsTest.validate(list));
        var last = list.at("/plugins").get(list.at("/plugins").size() - 1);
        assertEquals("[\"term 'scheme'\"]", last.at("/extensions").toString());
        assertEquals("[0.1,0.2)", last.at("/stir_api").asText());
        assertEquals("1.0", last.at("/version").asText());
        assertTrue(last.at("/jars/0/sha256").asText().matches("[0-9a-f]{64}"), list::toString);
    }

    @Test
    void furtherFoldersOfPlugInsAreNamedByAVariable() throws IOException {
        var folder = Image.scratch("more plug-ins");
        var author = new PluginJar(Files.createDirectory(folder.resolve("author")), apiJar());
        var more = Files.createDirectory(folder.resolve("more"));
        author.modular("Quarter", "quarter", 0.25, more.resolve("quarter.jar"));
        var run = Image.built().stir("measures", "quarter").with("STIR_PLUGINS", more.toString());
        assertTrue(run.run().done().startsWith("quarter  ("));
    }

    @Test
    void theTemplateOfABackendIsBuiltAndDroppedIn() throws IOException {
        var image = Image.built().copy(Image.scratch("backend-template").resolve("image"));
        var project = built("backend", "org.example.mybackend.MyBackendTest");
        Files.copy(
                project.resolve("target/my-backend-1.0.jar"),
                Files.createDirectory(image.folder().resolve("backends/my-backend"))
                        .resolve("my-backend-1.0.jar"));
        var model = project.resolve("src/test/resources/two-outputs.txt").toString();
        var layers = image.stir("layers", model, "--format", "json").run().document();
        assertEquals("linear", layers.path("default").asText());
        assertTrue(image.stir("backends").run().done().contains("my-backend"));
        var checked = image.stir("check", model).run();
        assertEquals(0, checked.code(), checked.out() + checked.err());
    }

    @Test
    void aMissingBackendIsNamed() throws IOException {
        var image = Image.built().copy(Image.scratch("no djl"));
        Image.delete(image.folder().resolve("backends/djl"));
        var model = image.demo("vgg0.script.pt");
        var sentence = image.stir("layers", model).run().failure(2);
        assertTrue(sentence.contains("there are onnx, tf"), sentence);
        assertTrue(sentence.contains("need stir-backend-djl-"), sentence);
    }

    @Test
    void allBackendsAreFoundAndCompute() throws IOException {
        var list = Image.built()
                .stir("backends", "--devices", "--format", "json")
                .run()
                .document()
                .path("backends");
        assertEquals("[\"djl\",\"onnx\",\"tf\"]", ids(list));
        for (var backend : list) {
            assertTrue(backend.at("/devices").toString().contains("\"cpu\""), list::toString);
        }
    }

    private static String ids(JsonNode list) {
        return list.findValuesAsText("id").stream()
                .map(id -> '"' + id + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }
}
