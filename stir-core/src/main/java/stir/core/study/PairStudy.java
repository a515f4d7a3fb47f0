package stir.core.study;

import stir.api.Caution;
import stir.api.Remedy;
import stir.api.Scale;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Difference;
import stir.core.math.statistics.Estimate;
import stir.core.network.Network;
import stir.core.network.NetworkSummary;
import stir.core.score.CautionFacts;
import stir.core.score.Comparison;
import stir.core.score.DirectedScore;
import stir.core.score.RepeatedScore;
import stir.core.score.ScoreSettings;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;
import stir.core.study.plan.StudiedSearch;
import stir.core.study.plan.StudyPlan;
import stir.core.study.store.StudyFolder;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A comparison of two open networks: a study of two models, {@code a} and {@code b}.
 *
 * @param a the first network; the caller retains ownership
 * @param b the second network; the caller retains ownership
 * @param inputs the inputs of both networks
 * @param settings the settings of the score
 * @param lengths other numbers of iterations to compare after
 * @since 0.1.0
 */
public record PairStudy(
        Network a, Network b, Inputs inputs, ScoreSettings settings, List<Integer> lengths) {
    /** The name of the first network in the study. */
    public static final String A = "a";

    /** The name of the second network in the study. */
    public static final String B = "b";

    /** The name of the network whose invariant inputs are searched for on their own. */
    public static final String MODEL = "model";

    /** The names of both networks in results. */
    public static final List<String> NAMES = List.of(A, B);

    /** Copies the lengths, without that of the settings. */
    public PairStudy {
        int own = settings.inversion().iterations();
        lengths = lengths.stream().filter(length -> length != own).distinct().toList();
    }

    private Experiment experiment() {
        var searches = new ArrayList<StudiedSearch>();
        searches.add(StudiedSearch.of(settings.inversion()));
        for (int length : lengths) {
            var shorter = settings.inversion().withIterations(length);
            searches.add(new StudiedSearch(searches.get(0).name() + "-" + length, shorter));
        }
        return Experiment.builder(spec(inputs), List.of(model(A, a), model(B, b)))
                .measures(settings.measures())
                .searches(searches)
                .repeats(settings.repeats())
                .reduction(settings.reduction())
                .pairs(List.of(StudiedPairs.of(A, B), StudiedPairs.of(B, A)))
                .memory(settings.memory())
                .build();
    }

    private static StudiedModel model(String name, Network network) {
        return new StudiedModel(name, network.spec(), List.of(), Optional.empty());
    }

    private static InputsSpec spec(Inputs inputs) {
        return InputsSpec.of(Path.of(inputs.source()));
    }

    /**
     * Compares the networks.
     *
     * @param checks the checks of the study
     * @param folder the folder of the results; empty to hold them in memory
     * @param options the options of the run
     * @param listener the listener that receives the progress
     * @return the comparison, then one for each of the other lengths
     */
    public List<Comparison> run(
            StudyChecks checks, Optional<Path> folder, RunOptions options, StudyListener listener) {
        folder.ifPresent(found -> refuseOthers(found, Set.of(A, B), options));
        try (var checked = check(checks)) {
            var study = checked.study();
            var results =
                    folder.isPresent()
                            ? study.run(folder.get(), options, listener)
                            : study.run(options, listener);
            var scales = new LinkedHashMap<String, Scale>();
            checks.measures()
                    .select(settings.measures())
                    .forEach((name, measure) -> scales.put(name, measure.scale()));
            return results.plan().experiment().searches().stream()
                    .map(search -> comparison(results, search, scales))
                    .toList();
        }
    }

    /**
     * Returns the comparison as a checked experiment. The caller closes it before the networks.
     *
     * @throws UsageException if a layer or measure is unknown, or does not fit
     */
    public CheckedExperiment check(StudyChecks checks) {
        var networks = Map.of(A, a, B, b);
        var checked = checks.check(experiment(), Optional.of(inputs), networks, true);
        try {
            refuseProblems(checked);
            return checked;
        } catch (UsageException e) {
            checked.close();
            throw e;
        }
    }

    /** Rejects a folder that holds a study of other models. */
    private static void refuseOthers(Path folder, Set<String> names, RunOptions options) {
        if (options.replaces() || !Files.exists(new StudyFolder(folder).document())) {
            return;
        }
        var others =
                StoredStudy.open(folder).models().stream()
                        .map(StoredStudy.Model::name)
                        .filter(name -> !names.contains(name))
                        .toList();
        if (!others.isEmpty()) {
            throw new UsageException(
                    "%s holds the study of other models (%s): choose another folder, or replace what is there."
                            .formatted(folder, String.join(", ", others)),
                    Remedy.CHOOSE_ANOTHER_FOLDER,
                    Remedy.REPLACE_RESULTS);
        }
    }

    /** Throws the first error; there is no file position to report. */
    private static void refuseProblems(CheckedExperiment checked) {
        if (!checked.problems().isEmpty()) {
            var first = checked.problems().get(0).refusal();
            throw new UsageException(first.sentence(), first.remedies().toArray(Remedy[]::new));
        }
    }

    private Comparison comparison(
            StudyResults results, StudiedSearch search, Map<String, Scale> scales) {
        var similarity =
                results.similarities().stream()
                        .filter(found -> found.target().model().equals(A))
                        .findFirst()
                        .orElseThrow();
        var aGivenB = direction(results, A, search, scales);
        var bGivenA = direction(results, B, search, scales);
        var plan = results.plan();
        var cautions = new LinkedHashSet<>(similarity.cautions());
        cautions.addAll(plan.cautions());
        if (isSameLayer(plan.model(A), plan.model(B))) {
            cautions.add(Caution.of("same-layer", Map.of()));
        }
        addOwn(cautions, "b|a", bGivenA, aGivenB);
        addOwn(cautions, "a|b", aGivenB, bGivenA);
        return new Comparison(
                summary(plan.model(A)),
                summary(plan.model(B)),
                plan.inputs().source(),
                plan.inputs().count(),
                plan.inputs().shape(),
                similarity.similarity(),
                aGivenB,
                bGivenA,
                differences(aGivenB, bGivenA, search.settings(), scales),
                List.copyOf(cautions),
                scales,
                settings.withInversion(search.settings()),
                versions(plan));
    }

    private static boolean isSameLayer(PlannedModel one, PlannedModel other) {
        return !one.sha256().isEmpty()
                && one.sha256().equals(other.sha256())
                && one.layers().equals(other.layers())
                && one.model().spec().preprocessing().equals(other.model().spec().preprocessing())
                && one.model().spec().inputs().equals(other.model().spec().inputs());
    }

    private static Map<String, Difference> differences(
            DirectedScore first,
            DirectedScore second,
            InversionSettings search,
            Map<String, Scale> scales) {
        var found = new LinkedHashMap<String, Difference>();
        if (first.inversion().ignoresNothing(search) || second.inversion().ignoresNothing(search)) {
            return found; // that score shows no shared invariance, however high it is
        }
        scales.forEach(
                (measure, scale) -> {
                    var one = first.stir().get(measure);
                    var other = second.stir().get(measure);
                    if (one != null && other != null) {
                        Difference.paired(one, other, scale)
                                .ifPresent(difference -> found.put(measure, difference));
                    }
                });
        return found;
    }

    /** Adds the cautions of a direction; those that the other direction lacks get its name. */
    private static void addOwn(
            Set<Caution> cautions, String direction, DirectedScore score, DirectedScore other) {
        for (var caution : score.cautions()) {
            if (!cautions.contains(caution)) {
                cautions.add(
                        other.cautions().contains(caution)
                                ? caution
                                : caution.with(CautionFacts.DIRECTION, direction));
            }
        }
    }

    private DirectedScore direction(
            StudyResults results, String target, StudiedSearch search, Map<String, Scale> scales) {
        var repeats =
                results.scores().stream()
                        .filter(score -> score.target().model().equals(target))
                        .filter(score -> score.search().equals(search.name()))
                        .map(StudyScore::score)
                        .toList();
        return repeats.size() == 1
                ? repeats.get(0)
                : repeats.get(0).withRepeats(repeated(repeats, scales));
    }

    /** Returns the scores of several inversions, and the uncertainty of their mean. */
    private static Map<String, RepeatedScore> repeated(
            List<DirectedScore> repeats, Map<String, Scale> scales) {
        var repeated = new LinkedHashMap<String, RepeatedScore>();
        for (var measure : repeats.get(0).stir().keySet()) {
            var values = new ArrayList<Double>();
            for (var repeat : repeats) {
                Optional.ofNullable(repeat.stir().get(measure))
                        .map(Estimate::value)
                        .filter(value -> value.isPresent())
                        .ifPresent(value -> values.add(value.getAsDouble()));
            }
            if (!values.isEmpty()) {
                repeated.put(
                        measure,
                        RepeatedScore.of(values, scales.getOrDefault(measure, Scale.UNIT)));
            }
        }
        return repeated;
    }

    private static NetworkSummary summary(PlannedModel model) {
        var layer = model.layers().get(0);
        return new NetworkSummary(
                model.model().spec().file().toString(),
                model.sha256(),
                model.backend(),
                layer.name(),
                layer.shape(),
                model.input());
    }

    private static Map<String, String> versions(StudyPlan plan) {
        var versions = new TreeMap<String, String>();
        plan.models().forEach(model -> versions.putAll(model.machine()));
        versions.put("java", Runtime.version().toString());
        return versions;
    }

    /**
     * Finds invariant inputs of one network.
     *
     * @param reference the network; the caller retains ownership
     * @param inputs the inputs for which invariant inputs are searched
     * @param settings the settings of the search
     * @param repeats the number of repeats of the search
     * @param checks the checks of the study
     * @param folder the folder of the results; empty to hold them in memory
     * @param options the options of the run
     * @param listener the listener that receives the progress
     * @return the result of each repeat
     */
    public static List<Inversion> invert(
            Network reference,
            Inputs inputs,
            InversionSettings settings,
            int repeats,
            StudyChecks checks,
            Optional<Path> folder,
            RunOptions options,
            StudyListener listener) {
        var experiment =
                Experiment.builder(spec(inputs), List.of(model(MODEL, reference)))
                        .searches(List.of(StudiedSearch.of(settings)))
                        .repeats(repeats)
                        .build();
        folder.ifPresent(found -> refuseOthers(found, Set.of(MODEL), options));
        var networks = Map.of(MODEL, reference);
        try (var checked = checks.check(experiment, Optional.of(inputs), networks, false)) {
            refuseProblems(checked);
            return checked.study().search(folder, options, listener);
        }
    }
}
