package stir.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.cli.console.ExitCode;

/** Tests that options of the objective reach the search and are recorded in the result. */
class ObjectiveOptionsTest {
    @TempDir
    Path folder;

    private final AtomicInteger runs = new AtomicInteger();
    private String model = "";
    private String second = "";
    private String images = "";

    @BeforeEach
    void files() throws IOException {
        model = CommandRun.network(folder, 1).toString();
        second = CommandRun.network(folder, 2).toString();
        images = CommandRun.images(folder, 6).toString();
    }

    private JsonNode invert(String options) throws IOException {
        var arguments = new ArrayList<String>();
        arguments.addAll(List.of("invert", model, "--inputs", images, "--format", "json"));
        arguments.addAll(List.of("--out", folder.resolve("out" + runs.incrementAndGet()) + ""));
        arguments.addAll(List.of(options.replace("SECOND", second).split(" ")));
        return CommandRun.of(arguments.toArray(String[]::new)).document();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--optimizer published --term tv:0.1|term|tv:0.1",
                "--optimizer published --term grey?p=inf&level=0.25:0.1 --term blur:0.2|term|blur:0.2,grey?level=0.25&p=inf:0.1",
                "--optimizer published --transform jitter:2,rotate:10|transform|jitter:2,rotate:10",
                "--optimizer published --step 0.25|step|0.25",
                "--optimizer published --momentum 0.9|momentum|0.9",
                "--optimizer published --fourier|fourier|true",
                "--ball linf:0.25@input|ball|linf:0.25@input",
                "--optimizer published --controversial SECOND --second-layer logits|second-layer|logits",
                "--optimizer published --controversial SECOND|controversial-factor|0.1",
                "--optimizer published --controversial SECOND --controversial-factor 0.5|controversial-factor|0.5",
                "--optimizer published --random-steps|random-steps|true",
                "--optimizer published --estimate-gradients 4|estimate-gradients|4:0.1",
                "--optimizer published --estimate-gradients 4:0.25 --controversial SECOND|estimate-gradients|4:0.25",
                "--optimizer published --controversial SECOND --controversial-factor auto|controversial-factor|auto",
                "--seed all-kinds|seed|all-kinds",
                "--seed constant:0.25|seed|constant:0.25",
                "--preset jones --seed white|momentum|0.9",
                "--preset tv|term|grey?level=0&p=6:0.1,tv:5.0E-5",
                "--preset freq|term|blur:5.0E-5,grey:5.0E-6,tv:5.0E-5",
                "--preset freq --term blur:1|term|blur:1.0,grey:5.0E-6,tv:5.0E-5",
                "--preset reg-free|step|1.0"
            })
    void theResultRecordsTheOptions(String options, String name, String value) throws IOException {
        var document = invert(options + " --iterations 3");
        assertEquals(value, document.at("/settings/" + name.replace('-', '_')).asText());
        assertTrue(document.at("/search/residual/mean").asDouble(-1) >= 0, document::toString);
    }

    @Test
    void objectivesChangeTheInvariantInputs() throws IOException {
        double plain = residual("--optimizer published --iterations 60");
        for (var options : List.of(
                "--term tv:0.3",
                "--term grey:0.3",
                "--controversial SECOND --controversial-factor 0.9",
                "--ball l2:0.1@seed")) {
            double residual = residual("--optimizer published --iterations 60 " + options);
            assertTrue(residual > plain, options + ": " + residual + ", without " + plain);
        }
        assertTrue(residual("--optimizer candidates") > plain);
    }

    private double residual(String options) throws IOException {
        return invert(options).at("/search/residual/mean").asDouble(-1);
    }

    @Test
    void aPresetSetsItsNumberOfIterations() throws IOException {
        var labelled = invert("--preset jones --seed white");
        assertEquals(2000, labelled.at("/settings/iterations").asInt());
        assertEquals(1000, invert("--seed white").at("/settings/iterations").asInt());
        assertEquals(100, invert("--optimizer fast").at("/settings/iterations").asInt());
        assertEquals(
                1000, invert("--preset published").at("/settings/iterations").asInt());
    }

    @Test
    void severalLayersAreSearchedAndTheFirstIsMeasured() throws IOException {
        var document = CommandRun.of(
                        "score",
                        model,
                        second,
                        "--inputs",
                        images,
                        "--optimizer",
                        "published",
                        "--iterations",
                        "20",
                        "--layer-a",
                        "hidden,logits",
                        "--layer-weights-a",
                        "1,3",
                        "--format",
                        "json")
                .document();
        assertEquals("hidden", document.at("/networks/0/layers/0/name").asText());
        assertEquals(1, document.at("/networks/0/layer_weight").asDouble());
        assertEquals(3, document.at("/networks/0/searched_with/logits").asDouble());
        assertTrue(document.at("/networks/1").isObject());
        assertTrue(document.at("/networks/1/searched_with").isMissingNode());
        assertEquals("stir-score", ResultFormatsTest.validate(document));
    }

    private CommandRun withReference(String command, String... more) throws IOException {
        var arguments = new ArrayList<>(List.of(command, model));
        if (command.equals("score")) {
            arguments.add(second);
        }
        var third = CommandRun.network(folder, 3).toString();
        arguments.addAll(List.of("--inputs", images, "--reference", third));
        arguments.addAll(List.of(more));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"score", "invert"})
    void aFurtherReferenceIsMatchedAndNamedInTheReport(String command) throws IOException {
        var document = withReference(command, "--format", "json", "--out", folder.resolve("one") + "")
                .document();
        ResultFormatsTest.validate(document);
        boolean isScore = command.equals("score");
        var references = document.at(isScore ? "/networks/1/references" : "/references");
        assertEquals(1, references.size());
        assertTrue(references.at("/0/model").asText().endsWith("net3.tiny"));
        assertEquals(1, references.at("/0/weight").asDouble());
        double own =
                document.at(isScore ? "/residuals/net2/0" : "/own_residual").asDouble();
        double further = document.at(isScore ? "/residuals/net2/1" : "/references/0/residual")
                .asDouble();
        var search = (isScore ? CommandRun.direction(document, "net1") : document).path("search");
        double mean = search.at("/residual/mean").asDouble();
        assertTrue(own > 0 && further > 0, document::toString);
        assertTrue(Math.min(own, further) <= mean && mean <= Math.max(own, further) * Math.sqrt(2), document::toString);
        var text = withReference(
                        command, "--optimizer", "fast", "--reference-layer", "logits", "--reference-weights", "2,1")
                .out()
                .replaceAll("\\s+", " ");
        assertTrue(text.contains("net3.tiny at logits (weight 0.5000);"), text);
        assertTrue(text.contains(" each mean residuals: net"), text);
    }

    @Test
    void weightsAndLayersOfReferencesAreRefusedIfTheyAreMoreOrFewer() throws IOException {
        var weights = withReference("score", "--reference-weights", "1");
        assertEquals(ExitCode.USAGE, weights.code());
        assertTrue(weights.err().contains("There are 1 weights for 2 references"), weights.err());
        var layers = withReference("invert", "--reference-layer", "hidden,logits");
        assertTrue(layers.err().contains("There are 2 layers for 1 additional"), layers.err());
        var unknown = withReference("score", "--reference-layer", "hiden");
        assertEquals(ExitCode.USAGE, unknown.code());
        assertTrue(unknown.err().contains("(options: --reference-layer)"), unknown.err());
        var none = CommandRun.of("invert", model, "--inputs", images, "--reference-weights", "1,2");
        assertEquals(ExitCode.USAGE, none.code());
        assertTrue(none.err().contains("require --reference"), none.err());
        var nearest = withReference("score", "--optimizer", "candidates");
        assertTrue(nearest.err().contains("supports only one reference"), nearest.err());
    }
}
