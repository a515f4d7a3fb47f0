package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.core.Stir;

class PluginProjectTest {
    /** A word and the same word again, as in MyBackendBackend and my-backend-backend. */
    private static final Pattern DOUBLED = Pattern.compile("(Backend|Measure|Term)\\1|(backend|measure|term)[- ]\\2");

    @TempDir
    Path home;

    @BeforeEach
    void unpackStir() throws IOException {
        Files.createSymbolicLink(home.resolve("examples"), Path.of("examples").toAbsolutePath());
        var development = Files.createDirectory(home.resolve("development"));
        for (String end : new String[] {".jar", "-tests.jar"}) {
            Files.writeString(development.resolve("stir-api-" + Stir.version() + end), "a jar");
        }
    }

    /** Returns the text of each file, without the repository of stir-api. */
    private Map<String, String> written(String kind, String name) throws IOException {
        var folder = home.resolve("written");
        PluginProject.of(Optional.of(home), kind, name).write(folder);
        var texts = new TreeMap<String, String>();
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var path = folder.relativize(file).toString();
                if (!path.startsWith("repository")) {
                    texts.put(path, Files.readString(file));
                }
            }
        }
        return texts;
    }

    private static String text(Map<String, String> texts, String path) {
        assertTrue(texts.containsKey(path), texts.keySet()::toString);
        return texts.getOrDefault(path, "");
    }

    @ParameterizedTest
    @CsvSource({
        "measure, my-measure, mymeasure, MyMeasure, my-measure",
        "measure, scheme, scheme, Scheme, scheme",
        "term, my-term, myterm, MyTerm, my-term",
        "term, scheme, scheme, Scheme, scheme",
        "backend, my-backend, mybackend, MyBackend, my-backend",
        "backend, backend, backend, Backend, backend",
        "backend, scheme, scheme, SchemeBackend, scheme-backend"
    })
    void theNameIsWhereANameBelongsAndNowhereElse(String kind, String name, String pack, String type, String artifact)
            throws IOException {
        var texts = written(kind, name);
        var code = text(texts, "src/main/java/org/example/%s/%s.java".formatted(pack, type));
        var test = text(texts, "src/test/java/org/example/%s/%sTest.java".formatted(pack, type));
        assertTrue(code.startsWith("package org.example.%s;".formatted(pack)), code);
        assertTrue(code.contains("public final class %s implements ".formatted(type)), code);
        assertTrue(code.contains("return \"%s\";".formatted(name)), code);
        assertTrue(test.contains("class %sTest extends ".formatted(type)), test);
        assertTrue(text(texts, "pom.xml").contains("<artifactId>%s<".formatted(artifact)));
        var readme = text(texts, "README.md");
        assertTrue(readme.startsWith("# The %s `%s`\n".formatted(kind, name)), readme);
        assertTrue(readme.contains("`target/%s-1.0.jar`".formatted(artifact)), readme);
        texts.forEach((path, text) -> {
            assertFalse(text.contains("__") || path.contains("__"), path + "\n" + text);
            var doubled = DOUBLED.matcher(path + "\n" + text);
            assertFalse(doubled.find(), () -> path + ": " + doubled.group());
        });
    }

    @ParameterizedTest
    @CsvSource({"backend, linear", "measure, mean-cosine", "term, brightness", "backend, scheme"})
    void theTemplateStatesTheComputationUnderEachName(String kind, String name) throws IOException {
        var all = String.join("\n", written(kind, name).values());
        var sentence = switch (kind) {
            case "backend" -> "/** A model of one linear layer. It holds";
            case "measure" -> "return \"Mean cosine between an input's two representations\";";
            default -> "/** The mean square of an input's values: a search";
        };
        assertTrue(all.contains(sentence), all);
    }
}
