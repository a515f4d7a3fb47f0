package stir.core.study.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import stir.api.DataException;
import stir.api.Remedy;
import stir.api.UsageException;
import stir.api.support.IoReason;
import stir.core.inputs.Inputs;
import stir.core.inputs.ValueRange;
import stir.core.inversion.Inversion;
import stir.core.io.files.ContentHash;
import stir.core.io.files.ExistingPath;
import stir.core.io.files.FolderLock;
import stir.core.io.files.JsonFile;
import stir.core.io.files.Sha256;
import stir.core.io.files.Table;
import stir.core.runtime.machine.HostName;
import stir.core.score.StudiedLayer;
import stir.core.store.SearchFolder;
import stir.core.store.WrittenInputs;

/**
 * The places of the parts of a study in its folder, and the parts that are stored there.
 *
 * <pre>
 * study.json                             models, layers, hashes, settings, versions, how to repeat it
 * result.json                            all scores with their verdicts, and their differences
 * results.csv                            one row per score and measure; one of them has the verdict
 * differences.csv                        one row per difference of two values
 * groups.csv, group-differences.csv      mean scores of groups of networks, and their differences
 * inputs.npy, names.csv                  the inputs, and their names and labels
 * searches/MODEL/LAYER/SEARCH/repeat-N/  invariant.npy, rows.csv, search.json (stir.core.store)
 * scores/TARGET/REFERENCE.json           all scores of a target model on a reference model's inputs
 * representations/...                    if they were asked for
 * logs/run-N.log, logs/lock
 * </pre>
 *
 * A layer's folder has its name, with '_' for every character that is not a letter, digit, '.',
 * '-', '_', '@' or '#'; a hash is added to a name that this changes. The same is done with names
 * that Windows does not have as files' names: those that end with a dot, and those of devices.
 *
 * @param root the study's folder
 */
public record StudyFolder(Path root) {
    /** The name of the document of a study. */
    public static final String DOCUMENT = "study.json";

    /** The files that a run writes before its first unit. */
    public static final List<String> PREPARED = List.of(DOCUMENT, "inputs.npy", "names.csv");

    private static final int HASH_LETTERS = 8;

    /** The names that Windows does not have, also before an ending such as {@code .json}. */
    private static final Pattern DEVICE = Pattern.compile("(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\\..*)?|.*\\.");

    /**
     * Returns whether a run has written here, even if it was killed before it stored the document.
     */
    public boolean isBegun() {
        return Stream.of(DOCUMENT, FolderLock.FILE).anyMatch(file -> Files.exists(root.resolve(file)));
    }

    /** Returns whether the file system treats names that differ only in case as the same. */
    boolean ignoresCase() {
        return Files.exists(root.resolve(FolderLock.FILE.toUpperCase(Locale.ROOT)));
    }

    /** Returns the path of the study's document. */
    public Path document() {
        return root.resolve(DOCUMENT);
    }

    /**
     * Checks that this machine sees the folder, in which a study was prepared.
     *
     * @throws UsageException if not; the message names the machine
     */
    public void checkSeen() {
        if (!Files.exists(document())) {
            throw new UsageException(
                    "Host %s does not see %s: use a folder that all machines share.".formatted(HostName.here(), root));
        }
    }

    /**
     * Checks that the folder holds no study of other models.
     *
     * @param names the names of the models of this study
     * @throws UsageException if it does; the message names them
     */
    public void checkNoOtherModels(List<String> names) {
        var others = stored().stream()
                .flatMap(document -> document.models().stream())
                .map(PlanDocument.Model::name)
                .filter(name -> !names.contains(name))
                .toList();
        if (!others.isEmpty()) {
            throw new UsageException(
                    "%s contains a study of other models (%s): choose another folder, or overwrite it."
                            .formatted(root, String.join(", ", others)),
                    Remedy.CHOOSE_ANOTHER_FOLDER,
                    Remedy.REPLACE_RESULTS);
        }
    }

    Path result() {
        return root.resolve("result.json");
    }

    Path table() {
        return root.resolve("results.csv");
    }

    Path differences() {
        return root.resolve("differences.csv");
    }

    Path groups() {
        return root.resolve("groups.csv");
    }

    Path groupDifferences() {
        return root.resolve("group-differences.csv");
    }

    Path inputs() {
        return root.resolve("inputs.npy");
    }

    Path names() {
        return root.resolve("names.csv");
    }

    /** Returns the folder of a search. */
    public Path search(StudiedLayer reference, String search, int repeat) {
        return searches(reference).resolve(name(search)).resolve("repeat-" + repeat);
    }

    /** Returns the folder of all searches at a layer. */
    Path searches(StudiedLayer reference) {
        return layer(root.resolve("searches"), reference);
    }

    Path scores(String target, String reference) {
        return root.resolve("scores").resolve(name(target)).resolve(name(reference) + ".json");
    }

    Path representations(StudiedLayer at, String shown) {
        return layer(root.resolve("representations"), at).resolve(shown + ".npy");
    }

    private static Path layer(Path folder, StudiedLayer at) {
        return folder.resolve(name(at.model())).resolve(name(at.layer()));
    }

    /**
     * Returns the plan's document; empty if there is none.
     *
     * @throws DataException if it is damaged, or was written by another version of Stir
     */
    public Optional<PlanDocument> stored() {
        var stored = JsonFile.read(document(), PlanDocument.SCHEMA, PlanDocument.class);
        stored.ifPresent(document -> {
            boolean isWhole =
                    !document.measures().isEmpty() && !document.models().isEmpty();
            if (!isWhole && !document.pairs().isEmpty()) {
                throw new DataException("%s is damaged: it names no %s. Make the results again in a new folder."
                        .formatted(document(), document.models().isEmpty() ? "networks" : "measures"));
            }
        });
        return stored;
    }

    /** Returns a block of scores; an empty one if it is not stored. */
    public ScoreBlock block(String target, String reference) {
        var file = scores(target, reference);
        var block = JsonFile.read(file, ScoreBlock.SCHEMA, ScoreBlock.class)
                .orElseGet(() -> ScoreBlock.empty(target, reference));
        if (!block.target().equals(target) || !block.reference().equals(reference)) {
            throw new DataException(
                    "%s has the scores of %s given %s: remove it, and run the same command again to recreate it."
                            .formatted(file, block.target(), block.reference()));
        }
        return block;
    }

    /**
     * Returns the invariant inputs of a reference; empty if they are not complete.
     *
     * @param sha256 the hash of its model's file
     * @param inputs the inputs of the study
     */
    public Optional<Inversion> inversion(
            StudiedLayer reference, String sha256, String search, int repeat, PlanDocument.Data inputs) {
        return SearchFolder.stored(
                search(reference, search, repeat), sha256, reference.layer(), inputs.count(), inputs.shape());
    }

    /** Returns the inputs; empty if they are not stored. */
    public Optional<Inputs> storedInputs() {
        var file = inputs();
        if (!isWritten(file)) {
            return Optional.empty();
        }
        var range = stored().map(PlanDocument::inputs).flatMap(PlanDocument.Data::range);
        return Optional.of(WrittenInputs.of(file).in(ValueRange.ofStored(range)));
    }

    /** Returns the hashes of the inputs and of their names, by the files' names. */
    Map<String, String> hashes() {
        var hashes = new TreeMap<String, String>();
        for (var file : List.of(inputs(), names())) {
            if (Files.isRegularFile(file)) {
                hashes.put(String.valueOf(file.getFileName()), ContentHash.of(file));
            }
        }
        return hashes;
    }

    /**
     * Returns whether a file of the inputs exists.
     *
     * @throws DataException if it is not as it was written
     */
    private boolean isWritten(Path file) {
        if (!Files.exists(file)) {
            return false;
        }
        ExistingPath.checkNoPipe(file);
        var stated = stored().map(PlanDocument::sha256).orElse(Map.of());
        var hash = stated.get(String.valueOf(file.getFileName()));
        if (hash != null && !hash.equals(ContentHash.of(file))) {
            throw new DataException(
                    "%s is damaged: its inputs differ from the study's. Remove it, and run the study again."
                            .formatted(file));
        }
        return true;
    }

    /** Returns the rows of the table of names, without its head. */
    public List<List<String>> storedNames() {
        var file = names();
        if (!isWritten(file)) {
            return List.of();
        }
        try {
            var rows = Table.parse(Files.readString(file));
            return rows.isEmpty() ? rows : rows.subList(1, rows.size());
        } catch (IOException e) {
            throw new DataException("%s could not be read (%s).".formatted(file, IoReason.of(e)), e);
        }
    }

    /** Returns the name of a model, a layer or a search as a file's. */
    static String name(String named) {
        var name = named.replaceAll("[^A-Za-z0-9._@#-]", "_");
        return name.equals(named)
                        && !name.startsWith(".")
                        && !DEVICE.matcher(name).matches()
                ? name
                : "_" + name + "-" + Sha256.of(named).substring(0, HASH_LETTERS);
    }
}
