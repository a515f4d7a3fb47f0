package stir.core.study;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.arrays.FloatRows;
import stir.core.arrays.NpyWriter;
import stir.core.inversion.Inversion;
import stir.core.inversion.ResultFolder;
import stir.core.network.pass.Rows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a study has stored: each part with the key of what it depends on. A part counts as there
 * when its document is, which is written last.
 *
 * @param plan what is studied
 * @param folder where
 * @param keys of what is there
 */
record StudyStore(StudyPlan plan, StudyFolder folder, StudyKeys keys) {
    private static final String RESIDUALS = "residuals";

    /** The document beside an array. */
    private static Path documentOf(Path array) {
        var name = String.valueOf(array.getFileName());
        return array.resolveSibling(name.substring(0, name.length() - ".npy".length()) + ".json");
    }

    private Path inversionDocument(StudiedLayer reference, SearchRun run) {
        return folder.inversion(reference, run).resolve("inversion.json");
    }

    boolean hasInputs() {
        return isThere(documentOf(folder.inputs()));
    }

    boolean hasSeeds(SearchRun run) {
        return isThere(documentOf(folder.seeds(run)));
    }

    boolean hasInversion(StudiedLayer reference, SearchRun run) {
        return isThere(inversionDocument(reference, run));
    }

    boolean hasRepresentations(StudiedLayer at, Shown shown) {
        return isThere(documentOf(folder.representations(at, shown)));
    }

    private static boolean isThere(Path document) {
        return Files.exists(document);
    }

    /**
     * Checks that what is there may be used.
     *
     * @param needed what the plan needs
     * @throws UsageException if something depends on other settings, files or inputs; the message
     *     names them
     */
    void check(StudyNeeds needed) {
        var differences = new ArrayList<String>();
        compare("the inputs", documentOf(folder.inputs()), keys.ofInputs(), differences);
        for (var run : needed.runs()) {
            compare(
                    "seeds of " + run,
                    documentOf(folder.seeds(run)),
                    keys.ofSeeds(run),
                    differences);
            for (var reference : plan.references()) {
                compare(
                        reference + ", " + run,
                        inversionDocument(reference, run),
                        keys.ofInversion(reference, run),
                        differences);
            }
        }
        if (differences.isEmpty()) {
            needed.representations()
                    .forEach(
                            (at, all) ->
                                    all.forEach(
                                            shown ->
                                                    compare(
                                                            at.toString(),
                                                            documentOf(
                                                                    folder.representations(
                                                                            at, shown)),
                                                            keys.ofRepresentations(at, shown),
                                                            differences)));
        }
        if (!differences.isEmpty()) {
            throw new UsageException(
                    "%s holds results that these settings would make wrong (%s%s): restore what was, give changed models and searches other names, or take a new folder with --out."
                            .formatted(
                                    folder.root(),
                                    differences.get(0),
                                    differences.size() == 1
                                            ? ""
                                            : "; and so for %d more parts"
                                                    .formatted(differences.size() - 1)));
        }
    }

    private static void compare(String what, Path document, Key key, List<String> differences) {
        WholeFile.read(document)
                .map(stored -> key.differencesFrom(Key.in(stored)))
                .filter(found -> !found.isEmpty())
                .ifPresent(found -> differences.add(what + ": " + String.join("; ", found)));
    }

    /** Stores the inputs. */
    void writeInputs() {
        var inputs = plan.inputs();
        writeRows(folder.inputs(), inputs.shape(), inputs::read);
        var table = new StringBuilder("index,name,label\r\n");
        for (int i = 0; i < inputs.count(); i++) {
            var label = inputs.label(i);
            table.append(i)
                    .append(',')
                    .append(StudyTable.quoted(inputs.name(i)))
                    .append(',')
                    .append(label.isPresent() ? Integer.toString(label.getAsInt()) : "")
                    .append("\r\n");
        }
        WholeFile.write(folder.inputsTable(), table.toString());
        complete(documentOf(folder.inputs()), keys.ofInputs(), WholeFile.object());
    }

    /** Stores seeds. */
    void writeSeeds(SearchRun run, Rows seeds) {
        writeRows(folder.seeds(run), plan.inputs().shape(), seeds);
        complete(documentOf(folder.seeds(run)), keys.ofSeeds(run), WholeFile.object());
    }

    private void writeRows(Path file, Shape shape, Rows rows) {
        int count = plan.inputs().count();
        try (var out = new NpyWriter(WholeFile.begin(file), count, shape)) {
            var row = Batch.allocate(1, shape);
            for (int i = 0; i < count; i++) {
                rows.read(i, row, 0);
                out.write(row);
            }
            out.complete();
        }
        WholeFile.complete(file);
    }

    private static void complete(Path document, Key key, ObjectNode content) {
        key.addTo(content);
        WholeFile.write(document, content);
    }

    /**
     * Where a search keeps what it finds, and leaves its invariant inputs. What it kept under other
     * settings is of no use.
     */
    ResultFolder searchFolder(StudiedLayer reference, SearchRun run) {
        return new ResultFolder(folder.inversion(reference, run), true);
    }

    /** Stores an inversion that was kept in its {@link #searchFolder}. */
    void write(StudiedLayer reference, SearchRun run, Inversion inversion) {
        var document = WholeFile.object();
        document.put("model", reference.model()).put("layer", reference.layer());
        document.put("search", run.search().name()).put("repeat", run.repeat());
        document.put("fake-relu-used", inversion.fakeRelu());
        document.put("calibration-passes", inversion.calibrationPasses());
        var residuals = document.putArray(RESIDUALS);
        var passes = document.putArray("passes");
        var moved = document.putArray("moved");
        var restarts = document.putArray("restarts");
        for (int i = 0; i < inversion.count(); i++) {
            residuals.add(inversion.residual(i));
            passes.add(inversion.passes(i));
            moved.add(inversion.moved(i));
            restarts.add(inversion.restarts(i));
        }
        if (!inversion.course().isEmpty()) {
            document.set("course", course(inversion));
        }
        complete(inversionDocument(reference, run), keys.ofInversion(reference, run), document);
    }

    /** How residuals came down, over all inputs. */
    private static ObjectNode course(Inversion inversion) {
        var course = WholeFile.object();
        for (var name : new String[] {"passes", "mean", "median", "max"}) {
            course.putArray(name);
        }
        for (var point : inversion.course()) {
            course.withArray("passes").add(point.passes());
            course.withArray("mean").add(point.residual().mean());
            course.withArray("median").add(point.residual().median());
            course.withArray("max").add(point.residual().max());
        }
        return course;
    }

    /** The residuals of a stored inversion. */
    double[] residuals(StudiedLayer reference, SearchRun run) {
        var document = inversionDocument(reference, run);
        var values = WholeFile.read(document).map(node -> node.path(RESIDUALS)).orElseThrow();
        if (values.size() != plan.inputs().count()) {
            throw new DataException(
                    document + " is damaged: remove its folder, so that it is made again.");
        }
        var residuals = new double[values.size()];
        for (int i = 0; i < residuals.length; i++) {
            residuals[i] = values.get(i).asDouble();
        }
        return residuals;
    }

    /** What a network is shown, from where it is stored; its opener closes it. */
    FloatRows shown(Shown shown) {
        if (shown instanceof Shown.Seeds seeds) {
            return new FloatRows(folder.seeds(seeds.run()));
        }
        if (shown instanceof Shown.Invariant invariant) {
            return new FloatRows(folder.invariant(invariant.reference(), invariant.run()));
        }
        return new FloatRows(folder.inputs());
    }

    /** The file that representations are stored in. */
    Path file(StudiedLayer at, Shown shown) {
        return folder.representations(at, shown);
    }

    /** Notes that representations are stored. */
    void complete(StudiedLayer at, Shown shown) {
        var document = WholeFile.object().put("model", at.model()).put("layer", at.layer());
        complete(
                documentOf(folder.representations(at, shown)),
                keys.ofRepresentations(at, shown),
                document);
    }

    /** Stored representations; their opener closes them. */
    StoredRepresentations representations(StudiedLayer at, Shown shown) {
        int part = plan.experiment().searches().get(0).settings().batchSize();
        return new StoredRepresentations(
                at.layer(),
                plan.model(at.model()).layout(),
                Math.min(part, plan.inputs().count()),
                new FloatRows(folder.representations(at, shown)));
    }

    /** A stored result, if it depends on what it should. */
    static Optional<ObjectNode> result(Path document, Key key) {
        return WholeFile.read(document).filter(found -> Key.in(found).equals(key));
    }

    /** Stores a result. */
    static void writeResult(Path document, Key key, ObjectNode content) {
        complete(document, key, content);
    }
}
