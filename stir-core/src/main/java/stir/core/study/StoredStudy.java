package stir.core.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import stir.api.DataException;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.SearchArguments;
import stir.core.inversion.SearchOption;
import stir.core.inversion.Seed;
import stir.core.inversion.search.SeedSource;
import stir.core.score.DirectedScore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.About;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudiedSearch;
import stir.core.study.results.StudyDifferences;
import stir.core.study.results.StudyGroups;
import stir.core.study.results.StudySimilarity;
import stir.core.study.store.Assembly;
import stir.core.study.store.PlanDocument;
import stir.core.study.store.StudyFolder;

/**
 * A study, or a single score, that is stored in a folder, for reports, notebooks and other
 * programs. The study may be incomplete; missing results are empty.
 *
 * @since 0.1.0
 */
public final class StoredStudy {
    private final StudyFolder folder;
    private final PlanDocument document;
    private final List<Model> models = new ArrayList<>();
    private final List<Search> searches = new ArrayList<>();
    private final List<Run> runs = new ArrayList<>();
    private final Map<String, Scale> measures = new LinkedHashMap<>();
    private final Map<List<Object>, Optional<Inversion>> inversions = new HashMap<>();
    private final Map<List<Object>, Optional<DirectedScore>> scores = new HashMap<>();
    private Optional<Inputs> inputs = Optional.empty();
    private final Assembly assembly;

    private StoredStudy(StudyFolder folder, PlanDocument document) {
        this.folder = folder;
        this.document = document;
        document.models().forEach(model -> models.add(model(model)));
        document.settings().searches().forEach(search -> searches.add(search(search)));
        for (var search : searches) {
            for (int repeat = 1; repeat <= repeats(); repeat++) {
                runs.add(new Run(search.name(), repeat));
            }
        }
        document.measures().forEach(measure -> measures.put(measure.id(), measure.scale()));
        this.assembly = new Assembly(measures, folder::block);
    }

    /**
     * Opens a study.
     *
     * @param folder the folder in which a study or a score was stored
     * @throws UsageException if the folder holds none
     * @throws DataException if its document is damaged, or was written by another version of Stir
     */
    public static StoredStudy open(Path folder) {
        var stored = new StudyFolder(folder);
        return new StoredStudy(
                stored,
                stored.stored()
                        .orElseThrow(() -> new UsageException(
                                "%s contains no study: use a folder with a study.json.".formatted(folder))));
    }

    /**
     * A model, as described by the study.
     *
     * @param name the name in results
     * @param file its file, as it was named
     * @param sha256 the hash of the file
     * @param backend the id of the backend that ran it
     * @param device the device on which it computed
     * @param settings the settings that only its backend understands
     * @param mean the value that was subtracted from inputs
     * @param standardDeviation the divisor of inputs after the subtraction
     * @param input the shape of one input as the model expects it
     * @param layers the layers that were measured
     * @param machine facts about the machine that computed
     */
    public record Model(
            String name,
            String file,
            String sha256,
            String backend,
            String device,
            Map<String, String> settings,
            List<Double> mean,
            List<Double> standardDeviation,
            Shape input,
            List<PlannedLayer> layers,
            Map<String, String> machine) {
        /** Copies the lists. */
        public Model {
            settings = Map.copyOf(settings);
            mean = List.copyOf(mean);
            standardDeviation = List.copyOf(standardDeviation);
            layers = List.copyOf(layers);
            machine = Map.copyOf(machine);
        }
    }

    /**
     * A search.
     *
     * @param name the name in results
     * @param settings the settings by option name: strings, numbers and booleans
     */
    public record Search(String name, Map<String, Object> settings) {
        /** Copies the settings, in their order. */
        public Search {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        }

        /**
         * Returns the settings as values.
         *
         * @throws DataException if they are not complete
         */
        public InversionSettings parsed() {
            var words = new EnumMap<SearchOption, String>(SearchOption.class);
            for (var option : SearchOption.values()) {
                var value = settings.get(PlanDocument.key(option.word()));
                if (value != null) {
                    words.put(option, value.toString());
                }
            }
            return SearchArguments.of(words)
                    .settings(problem -> {})
                    .orElseThrow(() -> new DataException(
                            "The stored settings of the search %s are damaged: make the results again in a new folder."
                                    .formatted(name)));
        }
    }

    /**
     * One of the repeats of a search.
     *
     * @param search the search's name
     * @param repeat the number of the repeat, from 1
     */
    public record Run(String search, int repeat) {}

    /**
     * The facts on an input besides its values.
     *
     * @param name its file's name, or its index
     * @param label its class, if it is known
     */
    public record InputName(String name, Optional<String> label) {}

    private static Model model(PlanDocument.Model stored) {
        return new Model(
                stored.name(),
                stored.file(),
                stored.sha256(),
                stored.backend(),
                stored.device(),
                stored.settings(),
                stored.mean(),
                stored.std(),
                stored.input(),
                stored.layers(),
                stored.machine());
    }

    private static Search search(Map<String, Object> stored) {
        var settings = new LinkedHashMap<>(stored);
        var name = String.valueOf(settings.remove(PlanDocument.NAME));
        return new Search(name, settings);
    }

    /** Returns the title, the authors and the notes. */
    public About about() {
        return document.about().orElse(About.NONE);
    }

    /** Returns the command that repeats it; empty if no command did it. */
    public String command() {
        return document.command().orElse("");
    }

    /** Returns the versions of Stir and Java that stored it. */
    public Map<String, String> versions() {
        return Collections.unmodifiableMap(document.versions());
    }

    /** Returns the models, in the experiment's order. */
    public List<Model> models() {
        return Collections.unmodifiableList(models);
    }

    /** All measured layers, model by model. */
    public List<StudiedLayer> layers() {
        return models.stream()
                .flatMap(model -> model.layers().stream().map(at -> new StudiedLayer(model.name(), at.name())))
                .toList();
    }

    /** Returns the searches. */
    public List<Search> searches() {
        return Collections.unmodifiableList(searches);
    }

    /** Returns the settings of a run, with its seed and its key of the random numbers. */
    public SearchRun run(Run run) {
        var search = search(run).orElseThrow();
        return SearchRun.of(new StudiedSearch(search.name(), search.parsed()), run.repeat());
    }

    private Optional<Search> search(Run run) {
        return searches.stream()
                .filter(search -> search.name().equals(run.search()))
                .findFirst();
    }

    /** Returns the repeats of all searches. */
    public List<Run> runs() {
        return Collections.unmodifiableList(runs);
    }

    /** Returns the number of repeats of each search. */
    public int repeats() {
        return document.settings().repeats();
    }

    /** Returns the compared layers. */
    public List<PlannedPair> pairs() {
        return Collections.unmodifiableList(document.pairs());
    }

    /** Returns the measures, parameters included, and how their values are read. */
    public Map<String, Scale> measures() {
        return Collections.unmodifiableMap(measures);
    }

    /** Returns the reduction of representations before the measures. */
    public String reduction() {
        return document.settings().reduce();
    }

    /** Returns the limit of memory in bytes. */
    public long memory() {
        return document.settings().memory();
    }

    /** Returns the probability that intervals contain the estimated value. */
    public double intervalLevel() {
        return document.settings().intervalLevel();
    }

    /** Returns the source of the inputs. */
    public String inputSource() {
        return document.inputs().source();
    }

    /** Returns the number of inputs. */
    public int inputCount() {
        return document.inputs().count();
    }

    /** Returns the shape of an input. */
    public Shape inputShape() {
        return document.inputs().shape();
    }

    /** Returns the number of samples per second, if the inputs are sounds. */
    public OptionalInt inputRate() {
        return document.inputs().rate();
    }

    /** Returns the fingerprint of the inputs. */
    public String inputFingerprint() {
        return document.inputs().sha256();
    }

    /** Returns the inputs; empty if they are not stored. */
    public Optional<Inputs> inputs() {
        if (inputs.isEmpty()) { // all of them are checked when they are opened
            inputs = folder.storedInputs();
        }
        return inputs;
    }

    /** Returns the inputs' names, in order; empty if they are not stored. */
    public List<InputName> inputNames() {
        var names = new ArrayList<InputName>();
        for (var row : folder.storedNames()) {
            var label = Optional.of(row.size() > 2 ? row.get(2) : "");
            var name = row.size() > 1 ? row.get(1) : "";
            names.add(new InputName(name, label.filter(text -> !text.isEmpty())));
        }
        return names;
    }

    /**
     * Returns the invariant inputs of a reference; empty if they are not complete.
     *
     * @param reference the layer that was searched
     * @param run the search and its repeat
     */
    public Optional<Inversion> inversion(StudiedLayer reference, Run run) {
        return inversions.computeIfAbsent(
                List.of(reference, run),
                unused -> folder.inversion(
                        reference, hash(reference.model()), run.search(), run.repeat(), document.inputs()));
    }

    private String hash(String model) {
        return models.stream()
                .filter(one -> one.name().equals(model))
                .map(Model::sha256)
                .findFirst()
                .orElse("");
    }

    /**
     * The folder that a search of a reference is stored in: {@code invariant.npy} and {@code
     * rows.csv}, once it is complete.
     */
    public Path place(StudiedLayer reference, Run run) {
        return folder.search(reference, run.search(), run.repeat());
    }

    /**
     * The seeds that a search began from; empty if the inputs are not stored, if the seeds came
     * from a file, or if they depend on labels.
     */
    public Optional<Inputs> seeds(Run run) {
        var settings = search(run).map(Search::settings).orElse(Map.of());
        if (!(settings.get("rng_seed") instanceof Long rngSeed)
                || !(settings.get("seed") instanceof String text)
                || settings.containsKey("seed_sha256")
                || Seed.parse(text) == Seed.Kind.OTHER_CLASS) {
            return Optional.empty();
        }
        var seed = Seed.parse(text).ofRepeat(run.repeat());
        long key = Seed.parse(text).key(rngSeed, run.repeat());
        return inputs().map(all -> {
            var source = new SeedSource(seed, key, all);
            return Inputs.of("seeds", all.count(), all.shape(), source::write);
        });
    }

    /**
     * Returns the score of a pair; empty if it is not stored.
     *
     * @param pair the target and the reference
     * @param run the search and its repeat
     */
    public Optional<DirectedScore> score(PlannedPair pair, Run run) {
        return scores.computeIfAbsent(
                List.of(pair, run),
                unused -> inversion(pair.reference(), run).flatMap(at -> assembly.score(pair, run(run), at)));
    }

    /** Returns all scores that are stored, in the order of the pairs, then by search and repeat. */
    public List<DirectedScore> scores() {
        return pairs().stream()
                .flatMap(pair -> runs.stream().flatMap(run -> score(pair, run).stream()))
                .toList();
    }

    /** Returns the similarities of all pairs that are stored, in the order of the pairs. */
    public List<StudySimilarity> similarities() {
        return pairs().stream().flatMap(pair -> similarity(pair).stream()).toList();
    }

    /** Returns the differences of all stored STIRs. */
    public StudyDifferences differences() {
        return StudyDifferences.of(scores(), measures);
    }

    /** Returns the statements about the groups of its networks, from all stored scores. */
    public StudyGroups groups() {
        return StudyGroups.of(document.grouped(), scores(), measures);
    }

    /** Returns the similarity of a pair; empty if it is not stored. */
    public Optional<StudySimilarity> similarity(PlannedPair pair) {
        return assembly.similarity(pair);
    }
}
