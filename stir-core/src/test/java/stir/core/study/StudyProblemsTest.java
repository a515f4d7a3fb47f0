package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.study.StudyFixture.LAYERS;
import static stir.core.study.StudyFixture.SHORT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import stir.api.Batch;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.InversionSettings;
import stir.core.io.arrays.NpyWriter;
import stir.core.network.NetworkSpec;
import stir.core.score.ScoreSettings;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Problem;

/** The problems that a check of an experiment reports together. */
class StudyProblemsTest extends StudyInFolder {
    @Test
    void mistakesOfFileAndModelsAreReportedTogether() throws IOException {
        var file = Files.writeString(folder.resolve("wrong.yaml"), """
                        models:
                          - name: one
                            file: net1.plain
                            layers: [hiden, "bl*"]
                          - name: two
                            file: net2.plain
                            layers: ["z*"]
                            bakend: plain
                        inputs: images.npy
                        measures: [linear-cak]
                        search: {seed: other-class}
                        pairs:
                          - {reference: one, target: three}
                        """);
        problems(
                file,
                "wrong.yaml:4: net1.plain: There is no layer 'hiden'",
                "wrong.yaml:7: net2.plain: No layer matches 'z*'",
                "wrong.yaml:8: There is no key 'bakend' in a model: is it 'backend'?",
                "wrong.yaml:10: There is no",
                "wrong.yaml:11: The seed other-class needs the inputs' labels",
                "wrong.yaml:13: There is no model 'three'");
    }

    @Test
    void aNetworkOfFreeSizesWithoutADefaultLayerHasTheLayersOfTheInputs() throws IOException {
        var free = Files.writeString(folder.resolve("free.plain"), "3 free");
        var refusal =
                "No layer before the classifier could be determined for %s: specify one; its last layers are hidden, block 1/logits.";
        var file = Files.writeString(folder.resolve("wrong.yaml"), """
                        models:
                          - {name: one, file: net1.plain}
                          - {name: two, file: free.plain}
                        inputs: images.npy
                        """);
        problems(file, "wrong.yaml:3: " + refusal.formatted("free.plain"));

        var stir = Stir.load();
        var inputs = InputsSpec.of(folder.resolve("images.npy")).open();
        try (var a = stir.open(NetworkSpec.of(folder.resolve("net1.plain")));
                var b = stir.open(NetworkSpec.of(free));
                var layered = stir.open(NetworkSpec.of(free).withLayer(PlainBackend.HIDDEN))) {
            var settings = ScoreSettings.DEFAULT.withInversion(InversionSettings.PUBLISHED.withIterations(2));
            var thrown = assertThrows(UsageException.class, () -> stir.compare(a, b, inputs, settings));
            assertEquals(refusal.formatted(free), thrown.getMessage());
            var compared = stir.compare(a, layered, inputs, settings);
            assertEquals(PlainBackend.HIDDEN, compared.aGivenB().reference().layer());
        }
    }

    private void problems(Path file, String... expected) {
        try (var checked = Stir.load().check(ExperimentFile.read(file))) {
            var lines = checked.problems().stream()
                    .map(Problem::toString)
                    .map(line -> line.replace(folder + "/", ""))
                    .toList();
            assertEquals(expected.length, lines.size(), lines::toString);
            for (int i = 0; i < expected.length; i++) {
                assertTrue(lines.get(i).startsWith(expected[i]), lines.get(i));
            }
            assertThrows(UsageException.class, checked::plan);
        }
    }

    @Test
    void samplesOfUnitsNeedNamedLayersAndAShare() throws IOException {
        var file = Files.writeString(folder.resolve("wrong.yaml"), """
                        models:
                          - {name: one, file: net1.plain, units: random 10 %}
                          - name: two
                            file: net1.plain
                            layers: ["hid*"]
                            units: random 10 %
                          - name: three
                            file: net1.plain
                            layers: [hidden]
                            units: a tenth
                        inputs: images.npy
                        """);
        problems(
                file,
                "wrong.yaml:2: 'units' chooses among the units of 'layers'",
                "wrong.yaml:3: 'units' chooses among the units of 'layers'",
                "wrong.yaml:10: 'a tenth' is not a choice of units: write 'random 10 %'");
    }

    @Test
    void missingInputsHideNoMistakeOfModels() throws IOException {
        var text = """
                inputs: %s
                measures: [linear-cak]
                models:
                  - {name: one, file: net1.plain, layers: [hiden, hidden, "hidden#0", "z*"]}
                  - {name: two, file: net2.plain, threads: 0, layers: [logit]}
                pairs: [{reference: one, target: three}]
                """;
        var models = new String[] {
            "wrong.yaml:2: There is no similarity measure 'linear-cak'",
            "wrong.yaml:4: net1.plain: There is no layer 'hiden'",
            "wrong.yaml:4: net1.plain: No layer matches 'z*'",
            "wrong.yaml:5: ",
            "wrong.yaml:5: net2.plain: There is no layer 'logit'",
            "wrong.yaml:6: There is no model 'three'"
        };
        var file = Files.writeString(folder.resolve("wrong.yaml"), text.formatted("none.npy"));
        var all = new ArrayList<>(List.of(models));
        all.add(0, "wrong.yaml:1: There is no file or folder");
        problems(file, all.toArray(String[]::new));
        Files.writeString(folder.resolve("damaged.npy"), "no array");
        Files.writeString(file, text.formatted("damaged.npy"));
        all.set(0, "wrong.yaml:1: ");
        problems(file, all.toArray(String[]::new));
    }

    @Test
    void mistakenModelsHideNoMistakeOfInputs() throws IOException {
        Files.writeString(folder.resolve("damaged.npy"), "no array");
        var file = Files.writeString(folder.resolve("wrong.yaml"), """
                        inputs: damaged.npy
                        measures: [linear-cak]
                        models: [{name: one, file: none.plain}]
                        pairs: [{reference: one, target: two}]
                        """);
        problems(
                file,
                "wrong.yaml:1: ",
                "wrong.yaml:2: There is no similarity measure 'linear-cak'",
                "wrong.yaml:3: There is no file or folder",
                "wrong.yaml:4: There is no model 'two'");
    }

    @Test
    void aMistakenModelHidesNoMeasureThatNeedsMoreInputs() throws IOException {
        var file = Files.writeString(folder.resolve("wrong.yaml"), """
                        inputs: {path: images.npy, limit: 1}
                        measures: [linear-cka]
                        models:
                          - {name: one, file: net1.plain, layers: [hidden]}
                          - {name: two, file: net2.plain, layers: [logit]}
                        """);
        problems(
                file,
                "wrong.yaml:2: The measure 'linear-cka' needs at least 2 inputs",
                "wrong.yaml:5: net2.plain: There is no layer 'logit'");
    }

    @Test
    void tooFewPairsAreAProblemOfThePlan() throws IOException {
        var file = folder.resolve("pairs.npy");
        NpyWriter.write(file, Batch.allocate(1, PlainBackend.INPUT));
        try (var checked = study.check(2, "search: {pairs: %s}\n".formatted(file))) {
            assertTrue(
                    checked.problems().toString().contains("has 1 inputs, but there are"),
                    checked.problems()::toString);
        }
    }

    @Test
    void aPlanListsTheWorkAndStoresNothing() throws IOException {
        var pairs = SHORT
                + "repeats: 2\n"
                + "pairs: [{reference: n1, target: \"n%s\"}, {reference: n2, target: n3,"
                + " target-layer: \"block*\"}]\n";
        try (var refused = study.check(3, pairs.formatted("[23]"))) {
            assertTrue(
                    refused.problems().toString().contains("There is no model 'n[23]'"), refused.problems()::toString);
        }
        try (var checked = study.check(3, pairs.formatted("?"))) {
            var plan = checked.plan();
            assertEquals(2 * LAYERS * 2, plan.inversions());
            int compared = 2 * 6 + 2;
            assertEquals(2 * compared, plan.scores());
            assertEquals(2 * compared + compared, plan.comparisons());
            assertEquals(8 * 12 * 9, plan.searchPasses());
            var cost = checked.cost(System::nanoTime);
            assertTrue(cost.inversionSeconds() > 0);
            assertTrue(cost.comparisonSeconds() > 0);
            assertTrue(cost.diskBytes() > 12 * 16 * 4);
            assertTrue(cost.memoryBytes() > 0);
        }
        assertFalse(Files.exists(folder.resolve("out")));
    }
}
