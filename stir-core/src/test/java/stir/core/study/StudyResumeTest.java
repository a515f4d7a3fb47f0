package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static stir.core.study.StudyFixture.LAYERS;
import static stir.core.study.StudyFixture.SHORT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.io.files.Checksum;
import stir.core.io.files.FolderLock;
import stir.core.runtime.progress.Progress;
import stir.core.score.Quantity;
import stir.core.score.Values;
import stir.core.study.plan.About;

/** What a study keeps, computes again, and refuses in a folder that has results. */
class StudyResumeTest extends StudyInFolder {
    /** Ends the run as a kill would: nothing after that moment is done. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Ends at the n-th message that it receives. */
    private static StudyListener mortal(int moment) {
        int[] heard = {0};
        return new StudyListener() {
            @Override
            public void step(String line) {
                count();
            }

            @Override
            public void update(Progress progress) {
                count();
            }

            private void count() {
                if (++heard[0] == moment) {
                    throw new Killed();
                }
            }
        };
    }

    @Test
    void aStudyThatDiesAndGoesOnEndsWithTheSameBytes() throws IOException {
        var more = "search: [{name: published, optimizer: published, iterations: 8},"
                + " {name: nearest, optimizer: thorough, iterations: 8}]\nrepeats: 2\n";
        int searches = 4 * LAYERS * 2 * 2;
        var whole = study.run(4, more, "whole");
        assertEquals(searches, whole.work().inversions());
        for (int moment = 2, deaths = 0; deaths < 6; moment += 20, deaths++) {
            int now = moment;
            assertThrows(Killed.class, () -> study.run(4, more, "broken", RunOptions.DEFAULT, mortal(now)));
        }
        var resumed = study.run(4, more, "broken");
        assertTrue(resumed.work().inversionsReused() > 0, "work of the dead is used");
        assertEquals(searches, resumed.work().inversions() + resumed.work().inversionsReused());
        StudyFixture.assertSame(study.bytes("whole"), study.bytes("broken"));
        StudyFixture.assertSame(StudyFixture.values(whole), StudyFixture.values(resumed));
        var log = Files.readString(folder.resolve("whole/logs/run-1.log"));
        assertTrue(log.contains("inversions: 32 of 32 (32 made now, 0 reused)"), log);
    }

    @Test
    void aFifthModelRecomputesNothingOld() throws IOException {
        study.run(4, SHORT, "grown");
        var old = FileTime.fromMillis(1_000_000_000_000L);
        for (var file : study.files("grown")) {
            Files.setLastModifiedTime(file, old);
        }
        var grown = study.run(5, SHORT, "grown");
        assertEquals(LAYERS, grown.work().inversions());
        assertEquals(4 * LAYERS, grown.work().inversionsReused());
        assertEquals(64 + 64, grown.work().comparisonsReused());
        assertEquals(36 + 36, grown.work().comparisons());
        for (var file : study.files("grown")) {
            var name = folder.resolve("grown").relativize(file).toString();
            boolean written = !Files.getLastModifiedTime(file).equals(old);
            boolean isNew = name.contains("n5")
                    || name.equals("result.json")
                    || name.equals("results.csv")
                    || name.equals("differences.csv")
                    || name.equals("study.json");
            assertEquals(isNew, written, name);
        }
        study.run(5, SHORT, "fresh");
        StudyFixture.assertSame(study.bytes("fresh"), study.bytes("grown"));
    }

    @Test
    void anotherMeasureIsComputedWithoutASearchAndTheStoredValuesStay() throws IOException {
        var before = study.run(2, "measures: [linear-cka]\n" + SHORT, "measured");
        var searches = study.bytes("measured");
        var more = "measures: [procrustes]\n" + SHORT;
        var after = study.run(2, more, "measured");
        assertEquals(0, after.work().inversions());
        assertEquals(16 + 16, after.work().comparisons());
        searches.keySet().removeIf(name -> !name.startsWith("searches/"));
        var now = study.bytes("measured");
        searches.forEach((name, bytes) -> assertEquals(bytes, now.get(name), name));
        var both = "measures: [linear-cka, procrustes]\n" + SHORT;
        var again = study.run(2, both, "measured");
        assertEquals(0, again.work().inversions());
        assertEquals(0, again.work().comparisons(), "both measures are there");
        for (int i = 0; i < before.scores().size(); i++) {
            assertEquals(
                    Values.get(before.scores().get(i), "linear-cka", Quantity.STIR),
                    Values.get(again.scores().get(i), "linear-cka", Quantity.STIR));
            assertEquals(
                    Values.get(after.scores().get(i), "procrustes", Quantity.CEILING),
                    Values.get(again.scores().get(i), "procrustes", Quantity.CEILING));
        }
        StudyFixture.assertSame(StudyFixture.values(study.run(2, both, "fresh")), StudyFixture.values(again));
    }

    @Test
    void theTitleAndNotesOfAStudyChangeNoResult() throws IOException {
        study.run(2, SHORT, "said");
        assertEquals(About.NONE, StoredStudy.open(folder.resolve("said")).about());
        var before = study.bytes("said");
        var said = "title: Alike?\nauthors: [A, B]\nnotes: |\n  One.\n  Two.\n" + SHORT;
        var again = study.run(2, said, "said");
        assertEquals(0, again.work().inversions());
        assertEquals(0, again.work().comparisons());
        assertEquals(
                new About(Optional.of("Alike?"), List.of("A", "B"), Optional.of("One.\nTwo.")),
                StoredStudy.open(folder.resolve("said")).about());
        var now = study.bytes("said");
        before.remove("study.json");
        var result = before.remove("result.json");
        before.forEach((name, bytes) -> assertEquals(bytes, now.get(name), name));
        assertEquals(withoutAbout(result), withoutAbout(now.get("result.json")));
    }

    private static JsonNode withoutAbout(@Nullable String document) throws IOException {
        var fields = (ObjectNode) new JsonMapper().readTree(document);
        fields.remove("about");
        assertEquals("stir-matrix/2", fields.path("schema").asText());
        return fields;
    }

    @Test
    void resultsThatAreNotRequestedAnyMoreStay() throws IOException {
        var both =
                "search: [{name: one, optimizer: published, iterations: 8}, {name: two, optimizer: published, iterations: 9}]\n";
        study.run(2, both, "narrowed");
        study.run(
                2, "search: [{name: two, optimizer: published, iterations: 9}]\nmeasures: [rsa-pearson]\n", "narrowed");
        var again = study.run(2, both, "narrowed");
        assertEquals(0, again.work().inversions());
        assertEquals(0, again.work().comparisons(), "nothing was thrown away");
    }

    @Test
    void settingsThatContradictStoredResultsAreRefusedByName() throws IOException {
        study.run(2, SHORT, "kept");
        var before = study.bytes("kept");
        refuses("(published: iterations was 8 and is 9): ", "search: {optimizer: published, iterations: 9}\n");
        refuses(
                "(published: iterations was 8 and is 9; published: rng-seed was 0 and is 1): ",
                "search: {optimizer: published, iterations: 9, rng-seed: 1}\n");
        refuses("published: rng-seed was 0 and is 1", "search: {optimizer: published, iterations: 8, rng-seed: 1}\n");
        study.images(IMAGES - 1);
        refuses("(the inputs: count was 12 and is 11): ", SHORT);
        study.images(IMAGES);
        study.network(2, 77);
        refuses("n2: sha256 was ", SHORT);
        study.network(2, 2);
        StudyFixture.assertSame(before, study.bytes("kept"));
        // The batch size changes nothing, and measures can be added.
        var more = study.run(2, "measures: [rsa-pearson]\nbatch-size: 5\n" + SHORT, "kept");
        assertEquals(0, more.work().inversions());
    }

    @Test
    void otherInputsOfTheSameNumberAreRefused() throws IOException {
        var fast = "search: {optimizer: fast, iterations: 2}\n";
        study.run(2, fast, "kept");
        var before = study.bytes("kept");
        study.images(IMAGES, rows -> Collections.swap(rows, 0, 1));
        refuses("the inputs: sha256 was ", fast);
        study.images(IMAGES);
        StudyFixture.assertSame(before, study.bytes("kept"));
    }

    private void refuses(String words, String more) {
        var refusal = assertThrows(UsageException.class, () -> study.run(2, more, "kept"));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
        assertTrue(
                refusal.getMessage().startsWith(folder.resolve("kept") + " contains results for other settings ("),
                refusal.getMessage());
    }

    @Test
    void resultsOfOtherSettingsAreReplacedOnRequest() throws IOException {
        study.run(2, SHORT, "replaced");
        var other = "search: {optimizer: published, iterations: 9}\n";
        study.run(2, other, "replaced", RunOptions.DEFAULT.replacing(true), StudyListener.SILENT);
        study.run(2, other, "fresh");
        StudyFixture.assertSame(study.bytes("fresh"), study.bytes("replaced"));
        var again = study.run(2, other, "replaced", RunOptions.DEFAULT.replacing(true), StudyListener.SILENT);
        assertEquals(0, again.work().inversions(), "what does not differ stays");
    }

    @Test
    void anInterruptionEndsInOrderAndTheRestFollows() throws IOException {
        var steps = new ArrayList<String>();
        assertThrows(
                CancellationException.class,
                () -> study.run(2, SHORT, "stopped", RunOptions.DEFAULT, line -> {
                    steps.add(line);
                    if (line.startsWith("search/n2/hidden/")) {
                        Thread.currentThread().interrupt();
                    }
                }));
        assertTrue(Thread.interrupted());
        assertTrue(steps.get(steps.size() - 1).startsWith("search/n2/hidden/"), steps.toString());
        var log = Files.readString(folder.resolve("stopped/logs/run-1.log"));
        assertTrue(log.endsWith(" interrupted: finished work is kept\n"), log);
        assertEquals(2, study.run(2, SHORT, "stopped").work().inversionsReused());
        study.run(2, SHORT, "whole");
        StudyFixture.assertSame(study.bytes("whole"), study.bytes("stopped"));
    }

    @Test
    void twoRunsDoNotWorkInOneFolder() throws IOException {
        try (var lock = FolderLock.of(folder.resolve("held"), false, note -> {})) {
            var refusal = assertThrows(UsageException.class, () -> study.run(2, SHORT, "held"));
            assertTrue(refusal.getMessage().startsWith("Another run is writing into "));
            assertNotEquals(null, lock);
        }
        assertEquals(4, study.run(2, SHORT, "held").work().inversions());
    }

    @Test
    void otherMachinesResultsAreRefusedByNameAndMixedIfItIsAllowed() throws IOException {
        for (var name : List.of("study.json", "searches/n1/hidden/published/repeat-1/search.json")) {
            study.run(2, SHORT, "here");
            var file = folder.resolve("here").resolve(name);
            var text = Files.readString(file);
            var fact = "\"architecture\" : \"%s\"";
            var here = fact.formatted(System.getProperty("os.arch"));
            assertTrue(text.contains(here), text);
            Files.writeString(file, Checksum.renewed(text.replaceFirst(here, fact.formatted("pdp11"))));
            var refusal = assertThrows(UsageException.class, () -> study.run(2, SHORT, "here"));
            assertTrue(refusal.getMessage().contains("results from another CPU type (n1"), refusal.getMessage());
            assertTrue(
                    refusal.getMessage()
                            .contains(
                                    "architecture is pdp11 there and %s here".formatted(System.getProperty("os.arch"))),
                    refusal.getMessage());
            var mixed = RunOptions.DEFAULT.mixingMachines(true);
            var results = study.run(2, SHORT, "here", mixed, StudyListener.SILENT);
            assertEquals(0, results.work().inversions(), "what was found there is used");
            Files.writeString(file, text);
        }
    }

    @Test
    void documentsOfOtherSchemasAreRefused() throws IOException {
        study.run(2, SHORT, "old");
        var document = folder.resolve("old/study.json");
        var text = Files.readString(document);
        for (var other : List.of("", "\"schema\" : \"stir-study/99\",")) {
            Files.writeString(document, text.replace("\"schema\" : \"stir-study/2\",", other));
            for (var refusal : List.of(
                    assertThrows(DataException.class, () -> study.run(2, SHORT, "old")),
                    assertThrows(DataException.class, () -> StoredStudy.open(folder.resolve("old"))))) {
                assertTrue(
                        refusal.getMessage().startsWith(document + " was written by another version of Stir (its"),
                        refusal.getMessage());
            }
        }
        Files.writeString(document, text);
        assertEquals(0, study.run(2, SHORT, "old").work().inversions());
    }

    @Test
    void storedResultsAreReadUnchanged() throws IOException {
        var more = "measures: [linear-cka, procrustes]\nrepeats: 2\n" + SHORT;
        var results = study.run(2, more, "stored");
        var stored = StoredStudy.open(folder.resolve("stored"));
        var values = new LinkedHashMap<String, Object>();
        for (var pair : stored.pairs()) {
            for (var run : stored.runs()) {
                StudyFixture.put(stored.score(pair, run).orElseThrow(), values);
            }
        }
        for (var pair : stored.pairs()) {
            StudyFixture.put(stored.similarity(pair).orElseThrow(), values);
        }
        StudyFixture.assertSame(StudyFixture.values(results), values);
        assertEquals(results.plan().pairs(), stored.pairs());
        assertEquals(results.plan().fingerprint(), stored.inputFingerprint());
        assertEquals(IMAGES, stored.inputNames().size());
        assertEquals(
                results.plan().models().get(0).sha256(), stored.models().get(0).sha256());
    }
}
