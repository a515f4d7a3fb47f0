package stir.core.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import stir.api.DataException;
import stir.api.Scale;
import stir.core.inversion.InversionSettings;
import stir.core.io.files.Checksum;
import stir.core.io.files.ContentHash;
import stir.core.math.statistics.Corrections;
import stir.core.math.statistics.Difference;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.PlannedPair;
import stir.core.study.results.StudyDifference;

class StudyContrastsTest {
    private static final String TWO_SEARCHES = """
            measures: [linear-cka, procrustes]
            search:
              - {name: short, optimizer: published, iterations: 2}
              - {name: long, optimizer: published, iterations: 9}
            """;

    @TempDir
    Path folder;

    private StudyFixture fixture = new StudyFixture(Path.of(""));

    @BeforeEach
    void make() throws IOException {
        fixture = StudyFixture.in(folder, 40);
    }

    /** The study of most tests, which the first one runs. */
    @TempDir
    static Path common;

    private static synchronized Path common() throws IOException {
        var done = common.resolve("study");
        if (!Files.exists(done)) {
            StudyFixture.in(common, 40).run(2, TWO_SEARCHES, "study");
        }
        return done;
    }

    private StoredStudy stored(int models, String more, String out) throws IOException {
        if (models == 2 && more.equals(TWO_SEARCHES)) {
            var done = common();
            try (var files = Files.walk(done)) {
                for (var file : files.toList()) {
                    Files.copy(
                            file,
                            folder.resolve(out).resolve(done.relativize(file).toString()));
                }
            }
            return StoredStudy.open(folder.resolve(out));
        }
        fixture.run(models, more, out);
        return StoredStudy.open(folder.resolve(out));
    }

    @Test
    void twoSearchesOfAStudyArePaired() throws IOException {
        var study = stored(2, TWO_SEARCHES, "study");
        var brief = study.runs().get(0);
        var lengthy = study.runs().get(1);
        var contrasts = StudyContrasts.of(study, brief, study, lengthy);
        assertEquals(2 * study.pairs().size(), contrasts.all().size());
        assertEquals(List.of(), contrasts.onlyFirst());
        assertEquals(List.of(), contrasts.measuresOfOne());
        for (var one : contrasts.all()) {
            var first = study.score(one.pair(), brief).orElseThrow();
            var second = study.score(one.pair(), lengthy).orElseThrow();
            assertEquals(first.of(one.measure()).stir(), one.first());
            assertEquals(second.of(one.measure()).stir(), one.second());
            var difference = one.difference().orElseThrow();
            assertTrue(difference.isPaired());
            assertEquals(
                    one.first().value().orElseThrow() - one.second().value().orElseThrow(), difference.difference());
        }
        var ofCka = contrasts.all().stream()
                .filter(one -> one.measure().equals("linear-cka"))
                .map(one -> one.difference().orElseThrow())
                .toList();
        assertArrayEquals(
                Corrections.holm(ofCka.stream().mapToDouble(Difference::pValue).toArray()),
                ofCka.stream().mapToDouble(Difference::correctedPValue).toArray());
    }

    /** Replaces the distances from the inputs in the table of a stored search. */
    private static void setDistances(StoredStudy study, StudiedLayer at, StoredStudy.Run run) throws IOException {
        var table = study.place(at, run).resolve("rows.csv");
        var hash = ContentHash.of(table);
        var lines = Files.readAllLines(table);
        int column = List.of(lines.get(0).split(",")).indexOf("distance_from_input");
        for (int i = 1; i < lines.size(); i++) {
            var cells = lines.get(i).split(",", -1);
            cells[column] = "0.001";
            lines.set(i, String.join(",", cells));
        }
        Files.writeString(table, String.join("\r\n", lines) + "\r\n");
        var document = table.resolveSibling("search.json");
        var text = Files.readString(document);
        Files.writeString(document, Checksum.renewed(text.replace(hash, ContentHash.of(table))));
    }

    @Test
    void pairsWhoseReferenceIgnoresNothingAreLeftOut() throws IOException {
        var study = stored(2, TWO_SEARCHES, "study");
        var brief = study.runs().get(0);
        var lengthy = study.runs().get(1);
        var before = StudyContrasts.of(study, brief, study, lengthy);
        assertEquals(0, before.leftOut());
        var hidden = new StudiedLayer("n1", PlainBackend.HIDDEN);
        setDistances(study, hidden, lengthy);
        var changed = StoredStudy.open(folder.resolve("study"));
        var after = StudyContrasts.of(changed, brief, changed, lengthy);
        var rest = before.all().stream()
                .filter(one -> !one.pair().reference().equals(hidden))
                .toList();
        assertEquals(4, after.leftOut());
        assertEquals(before.all().size() - 2 * 4, rest.size());
        assertEquals(
                rest.stream().map(StudyContrast::pair).toList(),
                after.all().stream().map(StudyContrast::pair).toList());
        assertEquals(List.of(), after.onlyFirst());
        var ofCka = after.all().stream()
                .filter(one -> one.measure().equals("linear-cka"))
                .map(one -> one.difference().orElseThrow())
                .toList();
        assertArrayEquals(
                Corrections.holm(ofCka.stream().mapToDouble(Difference::pValue).toArray()),
                ofCka.stream().mapToDouble(Difference::correctedPValue).toArray());
    }

    @Test
    void differencesLeaveOutScoresWhoseReferenceIgnoresNothing() throws IOException {
        var study = stored(2, TWO_SEARCHES, "study");
        var lengthy = study.runs().get(1);
        var before = study.differences();
        assertEquals(0, before.leftOut());
        var hidden = new StudiedLayer("n1", PlainBackend.HIDDEN);
        setDistances(study, hidden, lengthy);
        var after = StoredStudy.open(folder.resolve("study")).differences();
        assertEquals(4, after.leftOut());
        var rest = before.all().stream()
                .filter(one -> !one.search().equals("long")
                        || !List.of(one.first().reference(), one.second().reference())
                                .contains(hidden))
                .toList();
        assertTrue(rest.size() < before.all().size());
        assertEquals(rest.size(), after.all().size());
        assertEquals(rest.size(), after.possible());
        for (int i = 0; i < rest.size(); i++) {
            assertEquals(rest.get(i).first(), after.all().get(i).first());
            assertEquals(rest.get(i).second(), after.all().get(i).second());
            assertEquals(
                    rest.get(i).difference().pValue(),
                    after.all().get(i).difference().pValue());
        }
        var ofCka = after.all().stream()
                .filter(one ->
                        one.measure().equals("linear-cka") && one.search().equals("long"))
                .map(StudyDifference::difference)
                .toList();
        assertArrayEquals(
                Corrections.holm(ofCka.stream().mapToDouble(Difference::pValue).toArray()),
                ofCka.stream().mapToDouble(Difference::correctedPValue).toArray());
    }

    @Test
    void searchesThatWereKeptNearTheirInputsAreCompared() throws IOException {
        var searches =
                TWO_SEARCHES + "  - {name: near, optimizer: published, iterations: 2, seed: \"light-noise:0.1\"}\n";
        var study = stored(2, searches, "study");
        var near = study.runs().get(2);
        var before = study.differences();
        for (var layer : study.layers()) {
            setDistances(study, layer, near);
        }
        var changed = StoredStudy.open(folder.resolve("study"));
        assertEquals(0, changed.differences().leftOut());
        assertEquals(before.all(), changed.differences().all());
        var contrasts = StudyContrasts.of(changed, study.runs().get(0), changed, near);
        assertEquals(0, contrasts.leftOut());
        assertEquals(2 * study.pairs().size(), contrasts.all().size());
    }

    @Test
    void theSettingsOfASearchAreReadFromTheirWords() throws IOException {
        var study = stored(1, TWO_SEARCHES, "study");
        assertEquals(
                InversionSettings.PUBLISHED.withIterations(9),
                study.run(study.runs().get(1)).settings());
        assertThrows(NoSuchElementException.class, () -> study.run(new StoredStudy.Run("other", 1)));
        var words = Map.<String, Object>of("optimizer", "of another version");
        var damaged = new StoredStudy.Search("short", words);
        assertEquals(
                "The stored settings of the search short are damaged: make the results again in a new folder.",
                assertThrows(DataException.class, damaged::parsed).getMessage());
    }

    @Test
    void aStudyHasNoDifferenceFromItself() throws IOException {
        var study = stored(2, StudyFixture.SHORT, "study");
        var run = study.runs().get(0);
        for (var one : StudyContrasts.of(study, run, study, run).all()) {
            assertEquals(0, one.difference().orElseThrow().difference());
            assertEquals(1, one.difference().orElseThrow().pValue());
        }
    }

    @Test
    void studiesOfTheSameInputsArePairedAndOfOthersIndependent() throws IOException {
        var study = stored(1, StudyFixture.SHORT, "study");
        var longer = stored(1, "search: {optimizer: published, iterations: 12}\n", "longer");
        var run = study.runs().get(0);
        for (var one : StudyContrasts.of(study, run, longer, run).all()) {
            assertTrue(one.difference().orElseThrow().isPaired());
        }
        fixture.images(30);
        var fewer = stored(1, StudyFixture.SHORT, "fewer");
        for (var one : StudyContrasts.of(study, run, fewer, run).all()) {
            var difference = one.difference().orElseThrow();
            assertFalse(difference.isPaired());
            assertEquals(
                    Difference.independent(one.first(), one.second(), Scale.UNIT)
                            .orElseThrow()
                            .interval(),
                    difference.interval());
        }
    }

    @Test
    void scoresWithoutAPartnerAreNamed() throws IOException {
        var study = stored(1, StudyFixture.SHORT + "measures: [linear-cka, rsa-pearson]\n", "study");
        var wider = stored(2, StudyFixture.SHORT + "measures: [linear-cka, cca]\n", "wider");
        var run = study.runs().get(0);
        var contrasts = StudyContrasts.of(study, run, wider, run);
        assertEquals(
                study.pairs(), contrasts.all().stream().map(StudyContrast::pair).toList());
        assertEquals(List.of(), contrasts.onlyFirst());
        assertEquals(
                wider.pairs().size() - study.pairs().size(),
                contrasts.onlySecond().size());
        var hidden = new StudiedLayer("n1", PlainBackend.HIDDEN);
        assertTrue(
                contrasts.onlySecond().contains(new PlannedPair(hidden, new StudiedLayer("n2", PlainBackend.HIDDEN))));
        assertEquals(List.of("rsa-pearson", "cca"), contrasts.measuresOfOne());
        assertEquals(
                contrasts.onlySecond(),
                StudyContrasts.of(wider, run, study, run).onlyFirst());
    }
}
