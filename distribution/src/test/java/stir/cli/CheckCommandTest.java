package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.cli.console.ExitCode;
import stir.core.io.arrays.NpyReader;
import stir.core.representation.MatrixFile;

class CheckCommandTest {
    @TempDir
    Path folder;

    @Test
    void aGoodExportHasNoProblems() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var document = CommandRun.of("check", model, "--format", "json").document();
        assertEquals("tiny", document.get("backend").asText());
        assertEquals("hidden", document.get("default").asText());
        assertTrue(document.at("/gradients/hidden/agrees").asBoolean(), document::toString);
        assertEquals(2, document.at("/layers/searchable").asInt());
        assertEquals(
                "classes", document.at("/layers/without_gradient/0/layers/0").asText());
        assertEquals(3, document.get("searches").size());
        assertEquals(0, document.get("problems").size());
        var text = CommandRun.of("check", model).out();
        assertTrue(text.contains("at hidden as by finite differences"), text);
        assertTrue(text.endsWith("no problems found\n"), text);
    }

    @Test
    void anExportOfOtherWeightsIsAFailure() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var other = CommandRun.network(folder, 2).toString();
        var inputs = CommandRun.images(folder, 5).toString();
        var same = CommandRun.of("check", model, "--against", model, "--inputs", inputs);
        assertEquals(0, same.code(), same.out());
        var run = CommandRun.of("check", model, "--against", other, "--inputs", inputs, "--format", "json");
        assertEquals(ExitCode.FAILED, run.code());
        var document = new JsonMapper().readTree(run.out());
        assertTrue(document.at("/differences/0/difference").asDouble() > 0.5, run.out());
        assertTrue(document.at("/problems/0").asText().contains("differ from"), run.out());
    }

    @Test
    void aQuickCheckWritesTheValuesOfFourInputs() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var inputs = CommandRun.images(folder, 5).toString();
        var values = Files.createDirectory(folder.resolve("values"));
        var document = CommandRun.of(
                        "check",
                        model,
                        "--quick",
                        "--inputs",
                        inputs,
                        "--values",
                        values.toString(),
                        "--format",
                        "json")
                .document();
        assertTrue(document.at("/gradients/hidden/agrees").asBoolean(), document::toString);
        assertEquals(
                8,
                document.at("/gradients/hidden/trials").asInt(),
                "2 inputs, 2 random directions and 2 of single values");
        assertEquals(0, document.get("searches").size());
        assertEquals(List.of(4, 1, 4, 4), shape(values.resolve("inputs.npy")));
        var saved = folder.resolve("hidden.npy");
        CommandRun.of("represent", model, "--inputs", inputs, "--out", saved.toString())
                .out();
        var expected = MatrixFile.read(saved);
        var layerValues = MatrixFile.read(values.resolve("layer-0.npy"));
        assertEquals(4, layerValues.rows());
        for (int column = 0; column < layerValues.columns(); column++) {
            assertEquals(expected.get(3, column), layerValues.get(3, column));
        }
        var missing = folder.resolve("missing").toString();
        CommandRun.of("check", model, "--values", missing).failure(ExitCode.USAGE);
    }

    @Test
    void gradientsAreLeftOut() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var command = List.of("check", model, "--no-gradients", "--shape", "1x4x4", "--format", "json");
        var document = CommandRun.of(command.toArray(String[]::new)).document();
        assertEquals(0, document.get("gradients").size(), document::toString);
        assertEquals("hidden", document.get("default").asText());
        assertEquals(0, document.get("problems").size(), document::toString);
    }

    private static List<Integer> shape(Path file) {
        try (var array = NpyReader.open(file)) {
            return Arrays.stream(array.shape()).boxed().toList();
        }
    }

    @Test
    void photosAreResizedAndCroppedAsForAScore() throws IOException {
        var model = CommandRun.network(folder, 1).toString();
        var photos = Files.createDirectory(folder.resolve("photos"));
        for (int i = 0; i < 3; i++) {
            var photo = new BufferedImage(9 + i, 12, BufferedImage.TYPE_BYTE_GRAY);
            photo.setRGB(i, 5, 0xffffff);
            ImageIO.write(photo, "png", photos.resolve(i + ".png").toFile());
        }
        var refused = CommandRun.of("check", model, "--inputs", photos.toString());
        assertTrue(refused.failure(ExitCode.FAILED).contains("differ in size"), refused.err());
        var document = CommandRun.of(
                        "check",
                        model,
                        "--inputs",
                        photos.toString(),
                        "--size",
                        "4",
                        "--limit",
                        "2",
                        "--format",
                        "json")
                .document();
        assertEquals("[1,4,4]", document.path("tried").toString());
        assertEquals(2, document.at("/searches/0/inputs").asInt());
        var unread = CommandRun.of("check", model, "--size", "4").failure(ExitCode.USAGE);
        assertTrue(unread.contains("require --inputs"), unread);
    }
}
