package stir.cli.page;

import com.fasterxml.jackson.annotation.JsonProperty;

import stir.api.Caution;
import stir.api.Scale;
import stir.api.Shape;
import stir.api.support.Words;
import stir.cli.report.CautionText;
import stir.cli.report.VerdictMeaning;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.TracePoint;
import stir.core.math.statistics.Estimate;
import stir.core.math.statistics.Summary;
import stir.core.score.Acceptance;
import stir.core.score.ConvergedScore;
import stir.core.score.Verdict;
import stir.core.study.StoredStudy;
import stir.core.study.StudySimilarity;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.EstimateDocument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** The stored values of a study, in the form that the page's scripts read. */
final class StudyData {
    private final StoredStudy study;
    private final List<Optional<InversionSettings>> searches;
    private final List<ShownScore> scores = new ArrayList<>();
    private final List<ShownInversion> inversions = new ArrayList<>();
    private final List<Similarity> similarities = new ArrayList<>();
    private final Map<CautionText.Document, Integer> cautions = new LinkedHashMap<>();

    /** Creates the data of a study, without the arrays. */
    StudyData(StoredStudy study) {
        this.study = study;
        var indices = new HashMap<StudiedLayer, Integer>();
        study.layers().forEach(layer -> indices.put(layer.at(), indices.size()));
        var runs = study.runs();
        this.searches = runs.stream().map(study::settings).toList();
        for (int run = 0; run < runs.size(); run++) {
            for (var layer : study.layers()) {
                int of = run;
                int at = indices.getOrDefault(layer.at(), -1);
                study.inversion(layer.at(), runs.get(run))
                        .ifPresent(found -> inversions.add(new ShownInversion(at, of, found)));
            }
        }
        for (var pair : study.pairs()) {
            int reference = indices.getOrDefault(pair.reference(), -1);
            int target = indices.getOrDefault(pair.target(), -1);
            study.similarity(pair)
                    .map(found -> similarity(reference, target, found))
                    .ifPresent(similarities::add);
            for (int run = 0; run < runs.size(); run++) {
                int of = run;
                study.score(pair, runs.get(run))
                        .ifPresent(
                                found -> scores.add(new ShownScore(reference, target, of, found)));
            }
        }
    }

    StoredStudy study() {
        return study;
    }

    List<ShownScore> scores() {
        return scores;
    }

    /** Returns the number of results of the study that are stored: scores, or else similarities. */
    int stored() {
        return study.runs().isEmpty() ? similarities.size() : scores.size();
    }

    List<ShownInversion> inversions() {
        return inversions;
    }

    /** Returns the number of scores of the complete study; of similarities without a search. */
    int planned() {
        return study.pairs().size() * Math.max(1, study.runs().size());
    }

    /** The document that the page's scripts read. */
    record Document(
            String name,
            List<String> authors,
            Optional<String> notes,
            int planned,
            String command,
            Map<String, String> versions,
            Data inputs,
            Settings settings,
            List<Model> models,
            List<Layer> layers,
            List<Integer> headline,
            String measure,
            List<Measure> measures,
            List<StoredStudy.Run> runs,
            List<Similarity> similarities,
            List<Search> inversions,
            List<Score> scores,
            List<VerdictMeaning> verdicts,
            double fewest,
            double sameInputs,
            List<Comparisons.Row> asymmetries,
            Comparisons.Differences differences,
            List<CautionText.Document> cautions,
            SideBySide.Document sideBySide,
            Gallery.Document gallery) {}

    private record Data(String source, int count, Shape shape, String sha256) {}

    private record Settings(
            String reduce,
            int repeats,
            double level,
            long memory,
            List<Map<String, Object>> searches) {}

    private record Layer(
            int model,
            String name,
            Shape shape,
            @JsonProperty("classLayer") Optional<String> classLayer) {}

    private record Model(
            String name,
            String file,
            String sha256,
            String backend,
            String device,
            Shape input,
            List<Double> mean,
            List<Double> std,
            Map<String, String> settings) {
        static Model of(StoredStudy.Model model, String name) {
            return new Model(
                    name,
                    model.file(),
                    model.sha256(),
                    model.backend(),
                    model.device(),
                    model.input(),
                    model.mean(),
                    model.standardDeviation(),
                    new TreeMap<>(model.settings()));
        }
    }

    /** A measure, with its range if that has both ends. */
    private record Measure(String id, boolean larger, OptionalDouble low, OptionalDouble high) {
        static Measure of(String id, Scale scale) {
            boolean closed = Double.isFinite(scale.lowest()) && Double.isFinite(scale.highest());
            return new Measure(
                    id,
                    scale.largerIsMoreSimilar(),
                    closed ? OptionalDouble.of(scale.lowest()) : OptionalDouble.empty(),
                    closed ? OptionalDouble.of(scale.highest()) : OptionalDouble.empty());
        }
    }

    /** A similarity; its cautions are indices of the document's. */
    private record Similarity(
            int reference,
            int target,
            Map<String, EstimateDocument> values,
            List<Integer> cautions) {}

    private Similarity similarity(int reference, int target, StudySimilarity found) {
        return new Similarity(
                reference,
                target,
                withoutPredictions(found.similarity()),
                indices(found.cautions()));
    }

    /** Returns the indices of cautions in the document, which has each once. */
    private List<Integer> indices(List<Caution> some) {
        return CautionText.document(some).stream()
                .map(caution -> cautions.computeIfAbsent(caution, unused -> cautions.size()))
                .toList();
    }

    private record Search(
            int reference,
            int run,
            List<Float> residuals,
            Optional<Trace> course,
            double targetMovedHigh,
            boolean ignoresNothing,
            OptionalDouble distanceFromInput,
            OptionalDouble found,
            Optional<Double> accepted) {}

    private record Trace(
            List<Integer> passes, List<Double> mean, List<Double> median, List<Double> max) {
        static Trace of(List<TracePoint> points) {
            return new Trace(
                    points.stream().map(TracePoint::passes).toList(),
                    points.stream().map(point -> point.residual().mean()).toList(),
                    points.stream().map(point -> point.residual().median()).toList(),
                    points.stream().map(point -> point.residual().max()).toList());
        }
    }

    private record Score(
            int reference,
            int target,
            int run,
            Map<String, EstimateDocument> stir,
            Map<String, OptionalDouble> self,
            Map<String, OptionalDouble> seedOnly,
            Map<String, OptionalDouble> shuffled,
            Map<String, OptionalDouble> inputsOnly,
            Map<String, Floor> permutations,
            Map<String, EstimateDocument> corrected,
            Summary residual,
            Map<String, String> verdicts,
            List<Integer> cautions,
            Optional<Summary> targetMoved,
            Optional<List<Integer>> targetMovedCounts,
            OptionalDouble agreement) {}

    private record Floor(double sd, double p, int count) {}

    Document document(String name, SideBySide.Document sideBySide, Gallery.Document gallery) {
        var about = study.about();
        var versions = new TreeMap<>(study.versions());
        study.models().forEach(model -> model.machine().forEach(versions::putIfAbsent));
        var measures = new ArrayList<Measure>();
        study.measures().forEach((id, scale) -> measures.add(Measure.of(id, scale)));
        var comparisons = new Comparisons(study, searches, scores);
        return new Document(
                name,
                about.authors(),
                about.notes(),
                planned(),
                study.command(),
                versions,
                new Data(
                        study.inputSource(),
                        study.inputCount(),
                        study.inputShape(),
                        study.inputFingerprint()),
                settings(),
                models(),
                layers(),
                networks().headline(),
                Verdict.measure(List.copyOf(study.measures().keySet())),
                measures,
                study.runs(),
                similarities,
                inversions.stream().map(this::search).toList(),
                scores.stream().map(this::score).toList(),
                VerdictMeaning.all(),
                Verdict.FEWEST,
                Inversion.SAME_INPUTS,
                comparisons.asymmetries(networks().headline()),
                comparisons.differences(),
                List.copyOf(cautions.keySet()),
                sideBySide,
                gallery);
    }

    private Settings settings() {
        var searches = new ArrayList<Map<String, Object>>();
        for (var search : study.searches()) {
            var one = new LinkedHashMap<String, Object>();
            one.put("name", search.name());
            one.putAll(search.settings());
            searches.add(one);
        }
        return new Settings(
                study.reduction(),
                study.repeats(),
                study.intervalLevel(),
                study.memory(),
                searches);
    }

    Networks networks() {
        return new Networks(study);
    }

    private List<Model> models() {
        var names = networks().names();
        var models = new ArrayList<Model>();
        for (int i = 0; i < names.size(); i++) {
            models.add(Model.of(study.models().get(i), names.get(i)));
        }
        return models;
    }

    private List<Layer> layers() {
        var layers = new ArrayList<Layer>();
        for (int model = 0; model < study.models().size(); model++) {
            for (var layer : study.models().get(model).layers()) {
                layers.add(new Layer(model, layer.at().layer(), layer.shape(), layer.classLayer()));
            }
        }
        return layers;
    }

    private Search search(ShownInversion inversion) {
        return new Search(
                inversion.reference(),
                inversion.run(),
                Counts.quantiles(inversion.residuals()),
                Optional.of(inversion.inversion().trace())
                        .filter(points -> !points.isEmpty())
                        .map(Trace::of),
                movedBound(inversion),
                searches.get(inversion.run())
                        .filter(inversion.inversion()::ignoresNothing)
                        .isPresent(),
                inversion.inversion().meanDistanceFromInput(),
                found(inversion),
                scores.stream()
                        .filter(score -> score.isOf(inversion))
                        .flatMap(score -> score.found().score().acceptance().stream())
                        .map(Acceptance::share)
                        .findFirst());
    }

    /** Returns the share of invariant inputs that were found. */
    private OptionalDouble found(ShownInversion inversion) {
        return searches.get(inversion.run()).stream()
                .mapToDouble(
                        search -> inversion.inversion().converged(ConvergedScore.within(search)))
                .findFirst();
    }

    /** Returns a bound of how far all targets moved at a reference's invariant inputs. */
    private double movedBound(ShownInversion inversion) {
        return Counts.bound(
                scores.stream()
                        .filter(score -> score.isOf(inversion))
                        .flatMap(score -> score.targetMoved().stream()));
    }

    private Score score(ShownScore shown) {
        var score = shown.found().score();
        var permutations = new LinkedHashMap<String, Floor>();
        for (var one : score.permutations().entrySet()) {
            var floor = one.getValue();
            permutations.put(
                    one.getKey(),
                    new Floor(floor.standardDeviation(), floor.pValue(), floor.permutations()));
        }
        var moved = score.outcomes().targetMoved();
        return new Score(
                shown.reference(),
                shown.target(),
                shown.run(),
                EstimateDocument.of(score.stir()),
                EstimateDocument.numbers(score.self()),
                EstimateDocument.numbers(score.seedOnly()),
                EstimateDocument.numbers(score.shuffled()),
                EstimateDocument.numbers(score.inputsOnly()),
                permutations,
                withoutPredictions(score.baselineCorrected()),
                shown.found().residual(),
                verdicts(shown),
                indices(score.cautions()),
                moved,
                moved.map(all -> Counts.histogram(shown.targetMoved(), movedBound(shown))),
                score.outcomes().classAgreement());
    }

    /**
     * Returns estimates without the intervals of the next inputs, which the page shows of STIR
     * alone.
     */
    private static Map<String, EstimateDocument> withoutPredictions(
            Map<String, Estimate> estimates) {
        var all = new LinkedHashMap<String, EstimateDocument>();
        EstimateDocument.of(estimates)
                .forEach((measure, one) -> all.put(measure, one.withoutPrediction()));
        return all;
    }

    private Map<String, String> verdicts(ShownScore shown) {
        var verdicts = new LinkedHashMap<String, String>();
        var search = searches.get(shown.run());
        if (search.isPresent()) {
            for (var measure : study.measures().keySet()) {
                var verdict = Verdict.of(shown.found().score(), measure, search.get());
                verdicts.put(measure, Words.of(verdict));
            }
        }
        return verdicts;
    }

    private double movedBound(ShownScore score) {
        return inversions.stream()
                .filter(score::isOf)
                .mapToDouble(this::movedBound)
                .findFirst()
                .orElse(1);
    }
}
