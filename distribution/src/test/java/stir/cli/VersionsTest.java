package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The versions in files that users copy: they are those with which Stir is built and tested. */
class VersionsTest {
    private static final Pattern PROPERTY = Pattern.compile("<([a-z0-9.]+\\.version)>([^<]+)</\\1>");
    private static final Pattern PINNED =
            Pattern.compile("<artifactId>([^<]+)</artifactId>\\s*<version>(\\$\\{)?([^<}]+)\\}?</version>");

    /** The coordinates of the program or plug-in itself. */
    private static final Pattern OWN = Pattern.compile(
            "<groupId>org.example</groupId>\\s*<artifactId>[^<]+</artifactId>\\s*<version>[^<]+</version>");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "examples/backend-template/pom.xml",
                "examples/embedding/pom.xml",
                "examples/measure-template/pom.xml",
                "examples/sentences/pom.xml",
                "examples/term-template/pom.xml",
                "src/test/consumer/pom.xml"
            })
    void filesForUsersPinTheVersionsOfTheBuild(String file) throws IOException {
        var built = pinned(Files.readString(Path.of("../pom.xml")));
        built.put("junit-jupiter", built.get("junit-bom"));
        built.put("slf4j-nop", built.get("slf4j-api"));
        var copied = pinned(Files.readString(Path.of(file)));
        copied.keySet().removeIf(name -> name.startsWith("stir-") || name.startsWith("langchain4j-"));
        assertFalse(copied.isEmpty(), file);
        copied.forEach((artifact, version) -> assertEquals(built.get(artifact), version, file + ": " + artifact));
    }

    @Test
    void theInstallationForGpusHasTheVersionsOfTheBuild() throws IOException {
        var versions = properties(Files.readString(Path.of("../pom.xml")));
        var script = Files.readString(Path.of("src/image/bin/stir-gpu"));
        for (var jar : List.of(
                "onnxruntime_gpu-" + versions.get("onnxruntime.version"),
                "tensorflow-core-native-" + versions.get("tensorflow.version"))) {
            assertTrue(script.contains("/" + jar), jar);
        }
    }

    @Test
    void thePageOnEmbeddingNamesTheVersionsOfTheBuild() throws IOException {
        var versions = properties(Files.readString(Path.of("../pom.xml")));
        var page = Files.readString(Path.of("docs/embedding.md"));
        for (var name : List.of(
                "ai.djl.pytorch:pytorch-native-cpu:" + versions.get("pytorch.version"),
                "org.slf4j:slf4j-nop:" + versions.get("slf4j.version"))) {
            assertTrue(page.contains(name + "`"), name);
        }
    }

    /** Returns the version of each artifact that has one, with the values of properties. */
    private static Map<String, String> pinned(String text) {
        var properties = properties(text);
        var versions = new TreeMap<String, String>();
        for (var match = PINNED.matcher(OWN.matcher(text).replaceAll("")); match.find(); ) {
            boolean isProperty = match.group(2) != null;
            var version = isProperty ? properties.get(match.group(3)) : match.group(3);
            if (version != null) { // not of Stir itself
                versions.put(match.group(1), version);
            }
        }
        return versions;
    }

    private static Map<String, String> properties(String text) {
        var properties = new TreeMap<String, String>();
        for (var match = PROPERTY.matcher(text); match.find(); ) {
            properties.put(match.group(1), match.group(2));
        }
        return properties;
    }
}
