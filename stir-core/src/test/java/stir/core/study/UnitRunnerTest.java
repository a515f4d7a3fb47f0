package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.BackendException;
import stir.api.DataException;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.io.files.Checksum;
import stir.core.runtime.progress.ProgressListener;
import stir.core.study.file.ExperimentFile;
import stir.core.study.plan.Stage;
import stir.core.study.plan.Unit;
import stir.core.study.results.StudyResults;

/** A study whose units other processes do, and those that can't join it. */
class UnitRunnerTest {
    private static final String QUICK = "search: {name: quick, optimizer: fast, iterations: 3}\n";

    @TempDir
    Path folder;

    private StudyFixture study = new StudyFixture(Path.of(""));

    @BeforeEach
    void makeFiles() throws IOException {
        study = StudyFixture.in(folder, 12);
    }

    /** Keeps the notes of a run. */
    private static final class NoteListener implements StudyListener {
        private final List<String> notes = new ArrayList<>();

        @Override
        public void step(String line) {}

        @Override
        public void note(String sentence) {
            notes.add(sentence);
        }
    }

    /**
     * Another process: it opens the experiment's file by itself, and knows units by their texts.
     */
    private Map<Unit, String> elsewhere(String out, List<Unit> units, Predicate<Unit> fails) {
        var failed = new LinkedHashMap<Unit, String>();
        try (var checked = Stir.load().check(ExperimentFile.read(folder.resolve("study.yaml")));
                var process = checked.units(folder.resolve(out), RunOptions.DEFAULT)) {
            process.join();
            for (var unit : units) {
                if (fails.test(unit)) {
                    failed.put(unit, "It has no eyes.");
                } else {
                    process.run(Unit.parse(unit.toString()), ProgressListener.SILENT);
                }
            }
        }
        return failed;
    }

    private StudyResults run(String out, StudyListener listener, Predicate<Unit> fails) throws IOException {
        try (var checked = study.check(2, QUICK)) {
            return checked.study()
                    .run(
                            folder.resolve(out),
                            RunOptions.DEFAULT,
                            listener,
                            (stage, units) -> elsewhere(out, units, fails));
        }
    }

    @Test
    void otherProcessesFindTheSameBytes() throws IOException {
        var expected = study.run(2, QUICK, "one");
        var results = run("many", StudyListener.SILENT, unit -> false);
        assertEquals(expected.work(), results.work());
        StudyFixture.assertSame(StudyFixture.values(expected), StudyFixture.values(results));
        StudyFixture.assertSame(study.bytes("one"), study.bytes("many"));
    }

    @Test
    void failuresAreReportedAtTheEndAndHoldUpOnlyUnitsThatNeedThem() throws IOException {
        var listener = new NoteListener();
        var ended = assertThrows(
                DataException.class,
                () -> run("many", listener, unit -> unit.toString().startsWith("search/n1")));
        assertEquals(
                List.of("search/n1/hidden/quick/1/0-12, search/n1/block+1%2Flogits/quick/1/0-12"
                        + " failed: It has no eyes."),
                listener.notes);
        // Two searches to gather, and two models that look at n1.
        assertEquals(
                "2 units of work failed and 4 dependent units were skipped; all others are done:"
                        + " fix the cause and run the study again.",
                ended.getMessage());
        assertTrue(Files.exists(folder.resolve("many/scores/n1/n2.json")));
        assertFalse(Files.exists(folder.resolve("many/scores/n2/n1.json")));

        var work = run("many", StudyListener.SILENT, unit -> false).work();
        assertEquals(2, work.inversions());
        assertEquals(2, work.inversionsReused());
        study.run(2, QUICK, "one");
        StudyFixture.assertSame(study.bytes("one"), study.bytes("many"));
    }

    @Test
    void manyThatFailForOneReasonAreOneLine() throws IOException {
        var listener = new NoteListener();
        assertThrows(DataException.class, () -> run("many", listener, unit -> true));
        assertEquals(1, listener.notes.size());
        assertTrue(listener.notes.get(0).endsWith(" and 1 more failed: It has no eyes."), listener.notes::toString);
    }

    @Test
    void aRunnerThatFailsEndsTheRunAndReleasesTheFolder() throws IOException {
        try (var checked = study.check(2, QUICK)) {
            var lost = new BackendException("All machines are lost.");
            assertThrows(
                    BackendException.class,
                    () -> checked.study()
                            .run(folder.resolve("many"), RunOptions.DEFAULT, StudyListener.SILENT, (stage, units) -> {
                                throw lost;
                            }));
        }
        assertEquals(4, run("many", StudyListener.SILENT, unit -> false).work().inversions());
    }

    private String refusal(String experiment, String out) throws IOException {
        try (var checked = study.check(2, experiment);
                var units = checked.units(folder.resolve(out), RunOptions.DEFAULT)) {
            return assertThrows(UsageException.class, units::join).getMessage();
        }
    }

    private void prepare() throws IOException {
        try (var checked = study.check(2, QUICK);
                var units = checked.units(folder.resolve("many"), RunOptions.DEFAULT)) {
            units.prepare();
            units.join();
        }
    }

    @Test
    void aMachineThatDoesNotSeeTheFolderIsReported() throws IOException {
        assertTrue(refusal(QUICK, "elsewhere")
                .matches("Host \\S+ does not see .*/elsewhere: use a folder that all" + " machines share\\."));
        var missing = folder.resolve("elsewhere");
        assertEquals(
                refusal(QUICK, "elsewhere"),
                assertThrows(UsageException.class, () -> StudyUnits.checkSeen(missing))
                        .getMessage());
        prepare();
        StudyUnits.checkSeen(folder.resolve("many"));
    }

    @Test
    void aMachineThatSeesAnotherStudyReportsTheDifference() throws IOException {
        prepare();
        var end = "): share the same files with all machines.";
        for (var changed : List.of(
                "measures: [linear-cka, rbf-cka]\n" + QUICK,
                QUICK + "repeats: 2\n",
                QUICK + "pairs: [{reference: n1, target: n2}]\n")) {
            var sentence = refusal(changed, "many");
            assertTrue(sentence.endsWith("(the experiment file has changed meanwhile" + end), sentence);
        }
        var slower = refusal(QUICK.replace("3", "4"), "many");
        assertTrue(slower.endsWith("(quick: iterations was 3 and is 4" + end), slower);
        try (var checked = study.check(2, "title: Another\n" + QUICK);
                var units = checked.units(folder.resolve("many"), RunOptions.DEFAULT)) {
            units.join(); // a title is no other study
        }
        study.network(2, 9); // other bytes under the same name
        var other = refusal(QUICK, "many");
        assertTrue(other.matches(".*\\(n2: sha256 was \\w{8}\\.\\.\\. and is .*"), other);
    }

    private void rewrite(String words, String by) throws IOException {
        var document = folder.resolve("many/study.json");
        var text = Files.readString(document);
        assertTrue(text.contains(words), text);
        Files.writeString(document, Checksum.renewed(text.replace(words, by)));
    }

    @Test
    void anotherVersionOfStirIsRefused() throws IOException {
        prepare();
        rewrite("\"stir\" : \"" + Stir.version(), "\"stir\" : \"9.9");
        var sentence = refusal(QUICK, "many");
        assertTrue(
                sentence.matches("Host \\S+ has version \\S+ of Stir, but the study in .*/many has version"
                        + " 9\\.9\\S*: install the same version on all machines\\."),
                sentence);
    }

    @Test
    void anotherCpuTypeIsRefusedUnlessTheMixIsAllowed() throws IOException {
        prepare();
        var architecture = System.getProperty("os.arch");
        rewrite("\"architecture\" : \"" + architecture, "\"architecture\" : \"abacus");
        var sentence = refusal(QUICK, "many");
        assertTrue(sentence.contains("architecture is abacus there and " + architecture + " here"), sentence);
        try (var checked = study.check(2, QUICK);
                var units = checked.units(folder.resolve("many"), RunOptions.DEFAULT.mixingMachines(true))) {
            units.join();
        }
    }

    @Test
    void stagesComeOneAfterTheOther() throws IOException {
        var stages = new ArrayList<Stage>();
        try (var checked = study.check(1, QUICK)) {
            checked.study().run(folder.resolve("many"), RunOptions.DEFAULT, StudyListener.SILENT, (stage, units) -> {
                stages.add(stage);
                assertTrue(units.stream().allMatch(unit -> unit.stage() == stage));
                return elsewhere("many", units, unit -> false);
            });
        }
        assertEquals(
                List.of(Stage.SEARCH, Stage.GATHER, Stage.SCORE), stages, "so few inputs are not summed in blocks");
    }
}
