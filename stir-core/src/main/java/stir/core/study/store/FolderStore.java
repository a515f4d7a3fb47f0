package stir.core.study.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import stir.api.BackendException;
import stir.api.Batch;
import stir.api.Remedy;
import stir.api.Scale;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.inversion.search.CheckpointSchedule;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.SearchStore;
import stir.core.io.arrays.NpyWriter;
import stir.core.io.files.AtomicFiles;
import stir.core.io.files.JsonFile;
import stir.core.io.files.SharedFolder;
import stir.core.io.files.Table;
import stir.core.math.statistics.Replicates;
import stir.core.runtime.machine.HostName;
import stir.core.runtime.machine.Machine;
import stir.core.runtime.machine.StirVersion;
import stir.core.score.StudiedLayer;
import stir.core.store.SearchFolder;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.StudyGroups;
import stir.core.study.results.StudyResults;

/** A store of results in a study's folder, in which each file is complete or missing. */
public final class FolderStore implements ResultStore {
    /** The most differences of settings that a message names. */
    private static final int SHOWN = 5;

    private final StudyPlan plan;
    private final StudyFolder folder;
    private final CacheKeys keys;
    private final boolean representations;
    private final Map<Path, SearchStore> searches = new HashMap<>();

    /**
     * Creates a store that is not prepared yet.
     *
     * @param representations whether they are kept
     */
    public FolderStore(StudyPlan plan, StudyFolder folder, boolean representations) {
        this.plan = plan;
        this.folder = folder;
        this.keys = new CacheKeys(plan);
        this.representations = representations;
    }

    private static RuntimeException failure(Path file, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return new CancellationException("The work was interrupted");
        }
        return new BackendException(
                "%s could not be written (%s): %s, or choose another folder."
                        .formatted(file, IoReason.of(e), IoReason.remedy(e)),
                e,
                Remedy.CHOOSE_ANOTHER_FOLDER);
    }

    @Override
    public void prepare(Map<String, Scale> measures, String command, boolean replaces, boolean mixes) {
        requireDifferentFolders();
        if (replaces) {
            removeStale();
        }
        check(mixes);
        try {
            var document = PlanDocument.of(plan, measures, command);
            if (!hasInputsOf(document)) {
                writeInputs();
            }
            document = document.with(folder.hashes());
            if (!JsonFile.isWritten(folder.document(), document)) {
                JsonFile.write(folder.document(), document);
            }
        } catch (IOException e) {
            throw failure(folder.root(), e);
        }
    }

    /** Refuses names that share a folder where the file system ignores case. */
    private void requireDifferentFolders() {
        if (!folder.ignoresCase()) {
            return;
        }
        requireDifferentIgnoringCase(Stream.concat(plan.references().stream(), plan.targets().stream())
                .flatMap(at -> Stream.of(at.model(), at.toString())));
        requireDifferentIgnoringCase(plan.runs().stream().map(SearchRun::search));
    }

    private void requireDifferentIgnoringCase(Stream<String> all) {
        var names = new HashMap<String, String>();
        all.forEach(name -> {
            var other = names.putIfAbsent(name.toLowerCase(Locale.ROOT), name);
            if (other != null && !other.equals(name)) {
                throw new UsageException(
                        "%s and %s differ only in upper and lower case, which the file system of %s ignores: rename models or searches, remove one of the layers, or choose another folder."
                                .formatted(other, name, folder.root()),
                        Remedy.CHOOSE_ANOTHER_FOLDER);
            }
        });
    }

    @Override
    public void join(Map<String, Scale> measures, boolean mixes) {
        folder.checkSeen();
        var host = HostName.here();
        var stored = stored().orElseThrow();
        var version = stored.versions().getOrDefault("stir", "");
        if (!version.equals(StirVersion.current())) {
            throw new UsageException(
                    "Host %s has version %s of Stir, but the study in %s has version %s: install the same version on all machines."
                            .formatted(host, StirVersion.current(), folder.root(), version));
        }
        var asked = PlanDocument.of(plan, measures, "");
        var differences = stored.differencesFrom(asked);
        if (differences.isEmpty() && !stored.isSameStudy(asked)) {
            differences.add("the experiment file has changed meanwhile");
        }
        if (!differences.isEmpty()) {
            throw new UsageException(
                    "Host %s sees a study that differs from %s (%s): share the same files with all machines."
                            .formatted(host, folder.root(), differences.get(0)));
        }
        var machines = stored.machinesUnlike(asked);
        if (!mixes && !machines.isEmpty()) {
            throw new UsageException(
                    "Host %s has another CPU type than the host that began the study in %s (%s), so its results differ in the last bits: use machines of one type, pin the instruction set, or allow the mix."
                            .formatted(host, folder.root(), machines.get(0)),
                    Remedy.PIN_INSTRUCTION_SET,
                    Remedy.ALLOW_MIXED_MACHINES);
        }
    }

    @Override
    public List<String> otherSearches() {
        var planned =
                plan.runs().stream().map(run -> StudyFolder.name(run.search())).collect(Collectors.toSet());
        return plan.references().stream()
                .flatMap(reference -> names(folder.searches(reference)).stream())
                .filter(name -> !planned.contains(name))
                .distinct()
                .sorted()
                .toList();
    }

    /** Returns the names in a folder; none if it can't be read. */
    private static List<String> names(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(path -> String.valueOf(path.getFileName())).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private Optional<PlanDocument> stored() {
        return folder.stored();
    }

    /** Returns whether the inputs of a document are stored as they were written. */
    private boolean hasInputsOf(PlanDocument document) {
        return stored().filter(stored -> stored.inputs().equals(document.inputs()))
                .filter(stored -> !stored.sha256().isEmpty())
                .filter(stored -> stored.sha256().equals(folder.hashes()))
                .isPresent();
    }

    private void check(boolean mixes) {
        var stored = stored();
        var asked = PlanDocument.of(plan, Map.of(), "");
        var differences = new ArrayList<String>();
        stored.ifPresent(document -> differences.addAll(document.differencesFrom(asked)));
        boolean isExplained = !differences.isEmpty(); // those of searches follow from these
        var machines = new ArrayList<OtherMachine>();
        stored.ifPresent(document -> machines.addAll(document.machinesUnlike(asked)));
        for (var reference : plan.references()) {
            for (var run : plan.runs()) {
                var path = folder.search(reference, run.search(), run.repeat());
                SearchFolder.cacheKey(path)
                        .map(key -> keys.ofSearch(reference, run).differencesFrom(key))
                        .filter(changes -> !isExplained && !changes.isEmpty())
                        .map(all -> reference + ", " + run + ": " + String.join("; ", all))
                        .ifPresent(differences::add);
                machines.addAll(machines(reference, path));
            }
        }
        if (!differences.isEmpty()) {
            throw new UsageException(
                    "%s contains results for other settings (%s): restore them, rename the changed models and searches, overwrite the results, or choose another folder."
                            .formatted(folder.root(), inShort(differences)),
                    Remedy.REPLACE_RESULTS,
                    Remedy.CHOOSE_ANOTHER_FOLDER);
        }
        if (!mixes && !machines.isEmpty()) {
            boolean pins = machines.get(0).isPinnable();
            var remedies = new ArrayList<Remedy>();
            if (pins) {
                remedies.add(Remedy.PIN_INSTRUCTION_SET);
            }
            remedies.add(Remedy.CHOOSE_ANOTHER_FOLDER);
            remedies.add(Remedy.ALLOW_MIXED_MACHINES);
            throw new UsageException(
                    "%s contains results from another CPU type (%s), which differ in the last bits: continue on that type, %schoose another folder, or allow the mix."
                            .formatted(
                                    folder.root(),
                                    machines.get(0),
                                    pins ? "pin the instruction set that both have, " : ""),
                    remedies.toArray(Remedy[]::new));
        }
    }

    /** Returns the first of the given differences, and the number of the others. */
    private static String inShort(List<String> differences) {
        int more = differences.size() - SHOWN;
        return String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())))
                + (more <= 0
                        ? ""
                        : more == 1 ? "; and one more difference" : "; and %d more differences".formatted(more));
    }

    private List<OtherMachine> machines(StudiedLayer reference, Path path) {
        var here = new Machine(plan.model(reference.model()).machine());
        return SearchFolder.machines(path).stream()
                .map(facts -> new OtherMachine(reference.toString(), here, new Machine(facts)))
                .filter(OtherMachine::differs)
                .toList();
    }

    /** Deletes the results of a plan with other settings. */
    private void removeStale() {
        var stored = stored();
        var asked = PlanDocument.of(plan, Map.of(), "");
        boolean differs = stored.isEmpty()
                || !stored.get().differencesFrom(asked).isEmpty()
                || !stored.get().machinesUnlike(asked).isEmpty();
        if (!differs) {
            return;
        }
        try {
            Files.deleteIfExists(folder.document());
            for (var part : List.of("searches", "scores", "representations")) {
                var results = folder.root().resolve(part);
                if (Files.isDirectory(results)) {
                    SharedFolder.deleteAll(results);
                }
            }
        } catch (IOException e) {
            throw failure(folder.root(), e);
        }
    }

    private void writeInputs() throws IOException {
        var inputs = plan.inputs();
        var unfinished = AtomicFiles.unfinished(folder.inputs());
        try (var out = new NpyWriter(unfinished, inputs.count(), inputs.shape())) {
            var row = Batch.allocate(1, inputs.shape());
            for (int i = 0; i < inputs.count(); i++) {
                inputs.read(i, row, 0);
                inputs.facts().range().fromUnit(row, 0);
                out.write(row);
            }
            out.complete();
        } catch (RuntimeException e) {
            Files.deleteIfExists(unfinished);
            throw e;
        }
        AtomicFiles.complete(unfinished, folder.inputs());
        write(
                folder.names(),
                new Table<>(IntStream.range(0, inputs.count()).boxed().toList())
                        .column("index", index -> index)
                        .column("name", inputs::name)
                        .column("label", inputs.facts()::label)
                        .csv());
    }

    @Override
    public SearchStore search(StudiedLayer reference, SearchRun run) {
        var path = folder.search(reference, run.search(), run.repeat());
        return searches.computeIfAbsent(
                path,
                unused -> new SearchFolder(
                        path,
                        keys.ofSearch(reference, run),
                        RowLayout.of(plan.inputs(), CheckpointSchedule.of(run.settings()))));
    }

    @Override
    public ScoreBlock scores(String target, String reference) {
        return folder.block(target, reference)
                .current(plan.plugins().measures(), plan.experiment().measures());
    }

    @Override
    public void write(ScoreBlock block) {
        var file = folder.scores(block.target(), block.reference());
        try {
            JsonFile.write(file, block, Replicates.class);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    @Override
    public void write(StudyResults results) {
        // A document that was removed meanwhile is reported by the lock of the folder.
        var document = stored().orElseGet(() -> PlanDocument.of(plan, results.scales(), ""));
        write(folder.table(), ScoreTable.of(results).csv());
        write(folder.differences(), results.differences().csv());
        writeGroups(results.groups());
        write(folder.result(), JsonFile.text(ResultDocument.of(document, results)));
    }

    /** Writes the tables of groups, or removes those of a study that had some. */
    private void writeGroups(StudyGroups groups) {
        if (!groups.isEmpty()) {
            write(folder.groups(), groups.scoresCsv());
            write(folder.groupDifferences(), groups.differencesCsv());
            return;
        }
        for (var file : List.of(folder.groups(), folder.groupDifferences())) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw failure(file, e);
            }
        }
    }

    private static void write(Path file, String text) {
        try {
            new AtomicFiles().write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    @Override
    public boolean keepsRepresentations() {
        return representations;
    }

    @Override
    public void keep(StudiedLayer at, String shown, Batch rows) {
        var file = folder.representations(at, shown);
        if (Files.exists(file)) {
            return;
        }
        try {
            var unfinished = AtomicFiles.unfinished(file);
            try (var out = new NpyWriter(unfinished, rows.rows(), rows.rowShape())) {
                out.write(rows);
                out.complete();
            } catch (RuntimeException e) {
                Files.deleteIfExists(unfinished);
                throw e;
            }
            AtomicFiles.complete(unfinished, file);
        } catch (IOException e) {
            throw failure(file, e);
        }
    }
}
