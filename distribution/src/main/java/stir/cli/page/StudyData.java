package stir.cli.page;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import stir.api.Scale;
import stir.api.Shape;
import stir.cli.report.CautionText;
import stir.core.inversion.TracePoint;
import stir.core.math.statistics.Summary;
import stir.core.study.StoredStudy;
import stir.core.study.StudySimilarity;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.DifferenceDocument;
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
    /** The most differences of a page; the table in the folder has all. */
    private static final int MOST_DIFFERENCES = 5000;

    private final StoredStudy study;
    private final List<ShownScore> scores = new ArrayList<>();
    private final List<ShownInversion> inversions = new ArrayList<>();
    private final List<Similarity> similarities = new ArrayList<>();

    /** Creates the data of a study, without the arrays. */
    StudyData(StoredStudy study) {
        this.study = study;
        var indices = new HashMap<StudiedLayer, Integer>();
        study.layers().forEach(layer -> indices.put(layer.at(), indices.size()));
        var runs = study.runs();
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
                    .map(found -> Similarity.of(reference, target, found))
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

    List<ShownInversion> inversions() {
        return inversions;
    }

    /** Returns the number of scores of the complete study. */
    int planned() {
        return study.pairs().size() * study.runs().size();
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
            List<Measure> measures,
            List<StoredStudy.Run> runs,
            List<Similarity> similarities,
            List<Search> inversions,
            List<Score> scores,
            List<Difference> differences,
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
        static Model of(StoredStudy.Model model) {
            return new Model(
                    model.name(),
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

    private record Similarity(
            int reference,
            int target,
            Map<String, EstimateDocument> values,
            List<CautionText.Document> cautions) {
        static Similarity of(int reference, int target, StudySimilarity found) {
            return new Similarity(
                    reference,
                    target,
                    EstimateDocument.of(found.similarity()),
                    CautionText.document(found.cautions()));
        }
    }

    private record Search(
            int reference,
            int run,
            List<Float> residuals,
            double high,
            List<Integer> counts,
            Optional<Trace> course,
            double targetMovedHigh) {}

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
            Map<String, Floor> permutations,
            Map<String, EstimateDocument> corrected,
            Summary residual,
            List<CautionText.Document> cautions,
            Optional<Summary> targetMoved,
            Optional<List<Integer>> targetMovedCounts,
            OptionalDouble agreement) {}

    private record Floor(double sd, double p, int count) {}

    private record Difference(
            String measure, int first, int second, @JsonUnwrapped DifferenceDocument difference) {}

    Document document(String name, SideBySide.Document sideBySide, Gallery.Document gallery) {
        var about = study.about();
        var versions = new TreeMap<>(study.versions());
        study.models().forEach(model -> model.machine().forEach(versions::putIfAbsent));
        var measures = new ArrayList<Measure>();
        study.measures().forEach((id, scale) -> measures.add(Measure.of(id, scale)));
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
                study.models().stream().map(Model::of).toList(),
                layers(),
                measures,
                study.runs(),
                similarities,
                inversions.stream().map(this::search).toList(),
                scores.stream().map(this::score).toList(),
                differences(),
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
        double high = Counts.bound(inversion.residuals().stream());
        return new Search(
                inversion.reference(),
                inversion.run(),
                Counts.quantiles(inversion.residuals()),
                high,
                Counts.histogram(inversion.residuals(), high),
                Optional.of(inversion.inversion().trace())
                        .filter(points -> !points.isEmpty())
                        .map(Trace::of),
                movedBound(inversion));
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
        score.permutations()
                .forEach(
                        (measure, floor) ->
                                permutations.put(
                                        measure,
                                        new Floor(
                                                floor.standardDeviation(),
                                                floor.pValue(),
                                                floor.permutations())));
        var moved = score.outcomes().targetMoved();
        return new Score(
                shown.reference(),
                shown.target(),
                shown.run(),
                EstimateDocument.of(score.stir()),
                EstimateDocument.numbers(score.self()),
                EstimateDocument.numbers(score.seedOnly()),
                EstimateDocument.numbers(score.shuffled()),
                permutations,
                EstimateDocument.of(score.baselineCorrected()),
                shown.found().residual(),
                CautionText.document(score.cautions()),
                moved,
                moved.map(all -> Counts.histogram(shown.targetMoved(), movedBound(shown))),
                score.outcomes().classAgreement());
    }

    /** Returns which STIR is above which other; none if there are too many for a page. */
    private List<Difference> differences() {
        var indices = new HashMap<PlannedPair, Map<StoredStudy.Run, Integer>>();
        for (int i = 0; i < scores.size(); i++) {
            var found = scores.get(i).found();
            indices.computeIfAbsent(
                            new PlannedPair(found.reference(), found.target()),
                            unused -> new HashMap<>())
                    .put(new StoredStudy.Run(found.search(), found.repeat()), i);
        }
        var stored = study.differences().all();
        if (stored.size() > MOST_DIFFERENCES) {
            return List.of();
        }
        var differences = new ArrayList<Difference>();
        for (var one : stored) {
            var run = new StoredStudy.Run(one.search(), one.repeat());
            var first = indices.getOrDefault(one.first(), Map.of()).get(run);
            var second = indices.getOrDefault(one.second(), Map.of()).get(run);
            if (first != null && second != null) {
                differences.add(
                        new Difference(
                                one.measure(),
                                first,
                                second,
                                DifferenceDocument.of(one.difference())));
            }
        }
        return differences;
    }

    private double movedBound(ShownScore score) {
        return inversions.stream()
                .filter(score::isOf)
                .mapToDouble(this::movedBound)
                .findFirst()
                .orElse(1);
    }
}
