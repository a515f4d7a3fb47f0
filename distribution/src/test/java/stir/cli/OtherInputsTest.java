package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.Batch;
import stir.api.Shape;
import stir.cli.console.ExitCode;
import stir.core.io.arrays.NpyReader;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.arrays.WavFile;

/** Sounds, tables, tokens and stored arrays on the command line. */
class OtherInputsTest {
    private static final int LENGTH = TinyBackend.INPUT.size();
    private static final int RATE = 8000;

    @TempDir
    Path folder;

    private String network(int seed) throws IOException {
        var file = folder.resolve("net" + seed + ".tiny");
        return Files.writeString(file, seed + " flat").toString();
    }

    /** Writes six sounds, and returns their folder. */
    private String sounds() throws IOException {
        var random = new Random(1);
        var sounds = Files.createDirectories(folder.resolve("sounds"));
        for (int i = 0; i < 6; i++) {
            var samples = new float[LENGTH];
            for (int k = 0; k < LENGTH; k++) {
                samples[k] = (float) Math.sin(k * (i + 1) / 3.0) * random.nextFloat();
            }
            var bytes = new ByteArrayOutputStream();
            WavFile.write(bytes, samples, RATE);
            Files.write(sounds.resolve("s%d.wav".formatted(i)), bytes.toByteArray());
        }
        return sounds.toString();
    }

    /** Writes two vectors that name inputs of this length. */
    private String vocabulary() {
        var file = folder.resolve("vocabulary.npy");
        var batch = Batch.allocate(2, Shape.of(LENGTH));
        for (int i = 0; i < LENGTH; i++) {
            batch.set(1, i, 0.5f);
        }
        NpyWriter.write(file, batch);
        return file.toString();
    }

    @Test
    void invariantInputsOfSoundsAreSounds() throws IOException {
        var out = folder.resolve("out");
        var run = CommandRun.of("invert", network(1), "--inputs", sounds(), "--out", out.toString());
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("values searched in [-1,1]"), run.out());
        var row = new double[LENGTH];
        try (var stored = NpyReader.open(out.resolve("invariant.npy"))) {
            for (int i = 0; i < 6; i++) {
                stored.read(i, row);
                var sound = WavFile.open(out.resolve("invariant/s%d.wav".formatted(i)));
                assertEquals(RATE, sound.rate());
                for (int k = 0; k < LENGTH; k++) {
                    assertEquals(row[k], sound.samples(0)[k], 1e-6);
                }
            }
        }
    }

    private Path score(String inputs, String... more) throws IOException {
        return score(List.of(network(1), network(2)), inputs, more);
    }

    private Path score(List<String> networks, String inputs, String... more) {
        var out = folder.resolve("scored");
        var all = new ArrayList<>(List.of("score", "--inputs", inputs, "--out", out.toString()));
        all.addAll(networks);
        all.addAll(List.of("--optimizer", "published", "--iterations", "4"));
        all.addAll(List.of(more));
        var run = CommandRun.of(all.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        return out;
    }

    private JsonNode gallery(Path study, String... more) throws IOException {
        var page = folder.resolve("page.html");
        var all = new ArrayList<>(List.of("report", study.toString()));
        all.addAll(List.of("--out", page.toString()));
        all.addAll(List.of(more));
        var run = CommandRun.of(all.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        var data = Pattern.compile("(?s)<script[^>]*id=\"study-data\"[^>]*>(.*?)</script>");
        var matcher = data.matcher(Files.readString(page));
        assertTrue(matcher.find());
        return new JsonMapper().readTree(matcher.group(1)).path("gallery");
    }

    @Test
    void theReportDrawsSoundsAndNamesTheirTokens() throws IOException {
        var study = score(sounds());
        var plain = gallery(study);
        assertTrue(plain.path("images").asBoolean());
        assertEquals("Waveform of", plain.path("drawing").asText());
        assertTrue(plain.at("/inputs/0/picture").asText().startsWith("data:image/png;base64,"));
        assertTrue(plain.at("/shelves/0/0/picture").asText().startsWith("data:image/png"));
        assertTrue(plain.at("/inputs/0/tokens").isMissingNode());
        var tokens = Files.write(folder.resolve("tokens.txt"), List.of("silence", "high"));
        var named = gallery(study, "--vocabulary", vocabulary(), "--tokens", tokens.toString());
        assertTrue(
                List.of("silence", "high")
                        .contains(named.at("/inputs/0/tokens/0").asText()),
                named.at("/inputs/0")::toString);
        assertEquals(1, named.at("/shelves/0/0/tokens").size());
    }

    @Test
    void sequencesWithAVocabularyAreHeatStrips() throws IOException {
        var vocabulary = folder.resolve("v.npy");
        NpyWriter.write(vocabulary, Batch.of(Shape.of(4), 0, 0, 0, 0, 1, 1, 1, 1));
        var networks = List.of(
                CommandRun.network(folder, 1).toString(),
                CommandRun.network(folder, 2).toString());
        var study = score(networks, CommandRun.images(folder, 6).toString());
        assertEquals("", gallery(study).path("drawing").asText());
        var named = gallery(study, "--vocabulary", vocabulary.toString());
        assertEquals("Heat strip of", named.path("drawing").asText());
        assertEquals(4, named.at("/inputs/0/tokens").size());
    }

    @Test
    void theReportDrawsRowsOfATable() throws IOException {
        var table = Batch.allocate(8, Shape.of(LENGTH));
        var random = new Random(2);
        for (int i = 0; i < table.rows() * LENGTH; i++) {
            table.buffer().put(i, (float) (5 * random.nextGaussian()));
        }
        var file = folder.resolve("table.npy");
        NpyWriter.write(file, table);
        var gallery = gallery(score(file.toString(), "--range", "data"));
        assertTrue(gallery.path("drawing").asText().startsWith("Bars from the data's medians"));
        assertTrue(gallery.at("/seeds/0/0").asText().startsWith("data:image/png"));
    }

    @Test
    void theNearestTokensOfInputsAreReported() throws IOException {
        var tokens = Files.write(folder.resolve("tokens.txt"), List.of("silence", "high"));
        var arguments = List.of(
                "invert",
                network(1),
                "--inputs",
                sounds(),
                "--vocabulary",
                vocabulary(),
                "--tokens",
                tokens.toString(),
                "--out",
                folder.resolve("named").toString());
        var run = CommandRun.of(arguments.toArray(String[]::new));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("tokens  the nearest token changed at "), run.out());
        var document =
                new JsonMapper().readTree(folder.resolve("named/result.json").toFile());
        var nearest = document.path("tokens");
        assertEquals(6, nearest.path("inputs").size());
        double changed = 0;
        for (var one : nearest.path("inputs")) {
            boolean differs = !one.path("before").equals(one.path("after"));
            assertEquals(differs ? 1 : 0, one.path("changed").asInt());
            changed += one.path("changed").asInt();
        }
        assertEquals(changed / 6, nearest.path("changed").asDouble(), 1e-12);
        var lonely = CommandRun.of("invert", network(1), "--inputs", sounds(), "--tokens", tokens.toString());
        assertTrue(lonely.failure(ExitCode.USAGE).contains("--tokens needs --vocabulary"));
    }

    @Test
    void storedArraysGiveAMatrixWithoutASearch() throws IOException {
        var random = new Random(3);
        for (var name : List.of("x", "y")) {
            var batch = Batch.allocate(9, Shape.of(4));
            for (int i = 0; i < 36; i++) {
                batch.buffer().put(i, (float) random.nextGaussian());
            }
            NpyWriter.write(folder.resolve(name + ".npy"), batch);
        }
        var text = """
                models:
                  - {name: x, arrays: {only: x.npy}}
                  - {name: y, arrays: {only: y.npy}}
                search: none
                """;
        var file = Files.writeString(folder.resolve("arrays.yaml"), text).toString();
        var out = folder.resolve("arrays").toString();
        var run = CommandRun.of("matrix", file, "--out", out);
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().startsWith("S(row, column) by linear-cka"), run.out());
        assertTrue(run.out().contains("1.0"), run.out());
        var document =
                CommandRun.of("matrix", file, "--out", out, "--format", "json").document();
        assertEquals("stir-matrix", ResultFormatsTest.validate(document));
        assertEquals(4, document.path("similarities").size());
        assertEquals(0, document.path("directions").size());
        assertTrue(document.path("directions").isArray());
        assertEquals(
                1,
                document.at("/similarities/0/measures/linear-cka/similarity/value")
                        .asDouble(),
                1e-9);
        var csv = CommandRun.of("matrix", file, "--out", out, "--format", "csv").out();
        var rows = CommandRun.rows(csv);
        assertEquals(2 * 4, rows.size());
        assertEquals(
                4,
                rows.stream()
                        .filter(row -> "linear-cka".equals(row.get("measure")))
                        .count());
        for (var row : rows) {
            assertEquals("only", row.get("reference_layer"));
            assertTrue(Double.isFinite(Double.parseDouble(row.get("similarity"))), row::toString);
            assertTrue(row.containsKey("similarity_low"), row::toString);
            for (var column : List.of("search", "repeat", "verdict", "stir", "residual")) {
                assertEquals("", row.get(column), "there was no search");
            }
        }
        var detailed = CommandRun.of("matrix", file, "--out", out, "--details").out();
        assertTrue(detailed.contains("x:only"), detailed);
        assertEquals(0, CommandRun.of("matrix", file, "--out", out, "--dry-run").code());
        var page = CommandRun.of("report", out);
        assertEquals(0, page.code(), page.err());
        assertTrue(page.out().contains("report.html: 4 of 4 similarities, "), page.out());
        var html = Files.readString(Path.of(out, "report.html"));
        var data = html.replaceFirst("(?s).*id=\"study-data\">", "").replaceFirst("(?s)</script>.*", "");
        var shown = new JsonMapper().readTree(data);
        assertEquals(4, shown.at("/result/similarities").size());
        assertEquals(0, shown.at("/result/directions").size());
        assertEquals(
                document.at("/similarities/1/measures/linear-cka/similarity/value")
                        .asDouble(),
                shown.at("/result/similarities/1/measures/linear-cka/similarity/value")
                        .asDouble(),
                1e-6);
        assertTrue(CommandRun.of("report", out, "--against", out)
                .failure(ExitCode.USAGE)
                .contains("has no scores, because it has no search"));
        Files.writeString(Path.of(file), text.replace("search: none\n", ""));
        assertTrue(CommandRun.of("matrix", file, "--out", out).err().contains("has stored arrays and no network"));
    }
}
