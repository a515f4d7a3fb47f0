package stir.core.study;

import stir.api.Caution;
import stir.api.Experimental;
import stir.api.Remedy;
import stir.api.Scale;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inputs.InputsSpec;
import stir.core.inversion.Inversion;
import stir.core.math.statistics.Difference;
import stir.core.network.Network;
import stir.core.score.CautionFacts;
import stir.core.score.DirectedScore;
import stir.core.score.MeasureScore;
import stir.core.score.RepeatedScore;
import stir.core.study.names.NetworkNames;
import stir.core.study.plan.Experiment;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedModel;
import stir.core.study.plan.StudiedPairs;
import stir.core.study.plan.StudiedSearch;
import stir.core.study.results.Comparison;
import stir.core.study.results.StudyResults;
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

/**
 * A comparison of two open networks: a study of two models, named like their files.
 *
 * @param request what is compared, and how
 * @param lengths other numbers of iterations to compare after
 * @since 0.1.0
 */
@Experimental
public record PairStudy(CompareRequest request, List<Integer> lengths) {
    /** Copies the lengths, without that of the settings. */
    public PairStudy {
        int own = request.settings().inversion().iterations();
        lengths = lengths.stream().filter(length -> length != own).distinct().toList();
    }

    private NetworkNames names() {
        var a = request.a();
        var b = request.b();
        return NetworkNames.of(a.name(), a.layer(), b.name(), b.layer());
    }

    private Experiment experiment(NetworkNames names) {
        var settings = request.settings();
        var models = List.of(model(names.a(), request.a()), model(names.b(), request.b()));
        var searches = new ArrayList<StudiedSearch>();
        searches.add(StudiedSearch.of(settings.inversion()));
        for (int length : lengths) {
            var shorter = settings.inversion().withIterations(length);
            searches.add(new StudiedSearch(searches.get(0).name() + "-" + length, shorter));
        }
        return Experiment.builder(spec(request.inputs()), models)
                .measures(settings.measures())
                .searches(searches)
                .repeats(settings.repeats())
                .reduction(settings.reduction())
                .pairs(
                        List.of(
                                StudiedPairs.of(names.a(), names.b()),
                                StudiedPairs.of(names.b(), names.a())))
                .memory(settings.memory())
                .build();
    }

    private static StudiedModel model(String name, Network network) {
        return StudiedModel.of(name, network.spec());
    }

    private static InputsSpec spec(Inputs inputs) {
        return InputsSpec.of(Path.of(inputs.source()));
    }

    /**
     * Compares the networks.
     *
     * @param checks the checks of the study
     * @return the comparison, then one for each of the other lengths
     */
    public List<Comparison> run(StudyChecks checks) {
        var folder = request.folder();
        var options = request.options();
        folder.ifPresent(at -> refuseOthers(at, names().both(), options));
        try (var checked = check(checks)) {
            var study = checked.study();
            var results =
                    folder.isPresent()
                            ? study.run(folder.get(), options, request.listener())
                            : study.run(options, request.listener());
            return results.plan().experiment().searches().stream()
                    .map(search -> comparison(results, search))
                    .toList();
        }
    }

    /**
     * Returns the comparison as a checked experiment. The caller closes it before the networks.
     *
     * @throws UsageException if a layer or measure is unknown, or does not fit
     */
    public CheckedExperiment check(StudyChecks checks) {
        var names = names();
        var networks = Map.of(names.a(), request.a(), names.b(), request.b());
        var inputs = Optional.of(request.inputs());
        var checked = checks.check(experiment(names), inputs, networks, true);
        try {
            refuseProblems(checked);
            return checked;
        } catch (UsageException e) {
            checked.close();
            throw e;
        }
    }

    /** Rejects a folder that holds a study of other models. */
    private static void refuseOthers(Path folder, List<String> names, RunOptions options) {
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
                    "%s contains a study of other models (%s): choose another folder, or overwrite it."
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

    private Comparison comparison(StudyResults results, StudiedSearch search) {
        var plan = results.plan();
        var a = plan.models().get(0);
        var b = plan.models().get(1);
        var aGivenB = direction(results, a, search);
        var bGivenA = direction(results, b, search);
        var cautions = new LinkedHashSet<Caution>();
        cautions.addAll(results.cautions());
        if (isSameLayer(a, b)) {
            cautions.add(Caution.of("same-layer", Map.of()));
        }
        addOwn(cautions, bGivenA, aGivenB);
        addOwn(cautions, aGivenB, bGivenA);
        return new Comparison(
                results,
                aGivenB,
                bGivenA,
                differences(results, aGivenB),
                List.copyOf(cautions),
                request.settings().withInversion(search.settings()));
    }

    private static boolean isSameLayer(PlannedModel one, PlannedModel other) {
        return !one.sha256().isEmpty()
                && one.sha256().equals(other.sha256())
                && one.layers().equals(other.layers())
                && one.model().spec().preprocessing().equals(other.model().spec().preprocessing())
                && one.model().spec().inputs().equals(other.model().spec().inputs());
    }

    /** Returns the differences of a score and the other direction, by measure. */
    private static Map<String, Difference> differences(StudyResults results, DirectedScore score) {
        var differences = new LinkedHashMap<String, Difference>();
        for (var one : results.differences().all()) {
            if (one.first().equals(PlannedPair.of(score))
                    && one.search().equals(score.search().name())
                    && one.repeat() == score.search().repeat()) {
                differences.put(one.measure(), one.difference());
            }
        }
        return differences;
    }

    /** Adds the cautions of a direction; those that the other direction lacks get its name. */
    private static void addOwn(Set<Caution> cautions, DirectedScore score, DirectedScore other) {
        var direction = score.target().model() + " | " + score.reference().model();
        for (var caution : score.cautions()) {
            if (!cautions.contains(caution)) {
                cautions.add(
                        other.cautions().contains(caution)
                                ? caution
                                : caution.with(CautionFacts.DIRECTION, direction));
            }
        }
    }

    private static DirectedScore direction(
            StudyResults results, PlannedModel target, StudiedSearch search) {
        var repeats =
                results.scores().stream()
                        .filter(score -> score.target().model().equals(target.name()))
                        .filter(score -> score.search().name().equals(search.name()))
                        .toList();
        var first = repeats.get(0);
        return repeats.size() == 1
                ? first
                : first.withMeasures(repeated(repeats, results.scales()));
    }

    /** Returns the values of the first search, with the scores of all and their mean. */
    private static Map<String, MeasureScore> repeated(
            List<DirectedScore> repeats, Map<String, Scale> scales) {
        var measures = new LinkedHashMap<>(repeats.get(0).measures());
        measures.replaceAll(
                (measure, score) -> {
                    var values =
                            repeats.stream()
                                    .flatMapToDouble(
                                            repeat -> repeat.stir(measure).value().stream())
                                    .boxed()
                                    .toList();
                    var scale = scales.getOrDefault(measure, Scale.UNIT);
                    return values.isEmpty()
                            ? score
                            : score.withRepeats(RepeatedScore.of(values, scale));
                });
        return measures;
    }

    /**
     * Finds invariant inputs of one network.
     *
     * @param repeats the number of repeats of the search
     * @param checks the checks of the study
     * @return the result of each repeat
     */
    public static List<Inversion> invert(InvertRequest request, int repeats, StudyChecks checks) {
        var reference = request.reference();
        var folder = request.folder();
        var options = request.options();
        var name = NetworkNames.ofFile(reference.name());
        var experiment =
                Experiment.builder(spec(request.inputs()), List.of(model(name, reference)))
                        .searches(List.of(StudiedSearch.of(request.settings())))
                        .repeats(repeats)
                        .build();
        folder.ifPresent(found -> refuseOthers(found, List.of(name), options));
        var networks = Map.of(name, reference);
        var inputs = Optional.of(request.inputs());
        try (var checked = checks.check(experiment, inputs, networks, false)) {
            refuseProblems(checked);
            return checked.study().search(folder, options, request.listener());
        }
    }
}
