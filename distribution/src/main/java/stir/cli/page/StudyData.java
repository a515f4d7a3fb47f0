package stir.cli.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Scale;
import stir.api.Shape;
import stir.cli.report.CautionText;
import stir.core.inversion.TracePoint;
import stir.core.statistics.Estimate;
import stir.core.study.StoredStudy;
import stir.core.study.StudySimilarity;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.ScoreDocument;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is stored of a study, in the form that the page's scripts read. */
final class StudyData {
    /** More are left to the table in the folder. */
    private static final int MOST_DIFFERENCES = 5000;

    private final StoredStudy study;
    private final List<ShownScore> scores = new ArrayList<>();
    private final List<ShownInversion> inversions = new ArrayList<>();
    private final ArrayNode similarities = JsonNodeFactory.instance.arrayNode();

    /** Reads all but the arrays. */
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
            study.similarity(pair).ifPresent(found -> addSimilarity(reference, target, found));
            for (int run = 0; run < runs.size(); run++) {
                int of = run;
                study.score(pair, runs.get(run))
                        .ifPresent(
                                found -> scores.add(new ShownScore(reference, target, of, found)));
            }
        }
    }

    private void addSimilarity(int reference, int target, StudySimilarity found) {
        var node = similarities.addObject().put("reference", reference).put("target", target);
        node.set("values", estimates(found.similarity()));
        node.set("cautions", CautionText.document(found.cautions()));
    }

    private static ObjectNode estimates(Map<String, Estimate> values) {
        var node = JsonNodeFactory.instance.objectNode();
        values.forEach((measure, estimate) -> node.set(measure, ScoreDocument.of(estimate)));
        return node;
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

    /** How many scores the study has when it is complete. */
    int planned() {
        return study.pairs().size() * study.runs().size();
    }

    /** All of it as a document, without the gallery. */
    ObjectNode document(String name) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("name", name);
        var about = study.about();
        about.authors().forEach(node.putArray("authors")::add);
        about.notes().ifPresent(notes -> node.put("notes", notes));
        node.put("planned", planned());
        node.put("command", study.command());
        var versions = new TreeMap<>(study.versions());
        study.models().forEach(model -> model.machine().forEach(versions::putIfAbsent));
        versions.forEach(node.putObject("versions")::put);
        var inputs = node.putObject("inputs");
        inputs.put("source", study.inputSource()).put("count", study.inputCount());
        inputs.set("shape", shape(study.inputShape()));
        inputs.put("sha256", study.inputFingerprint());
        addSettings(node.putObject("settings"));
        addModels(node);
        var measures = node.putArray("measures");
        study.measures().forEach((id, scale) -> measures.add(measure(id, scale)));
        var runs = node.putArray("runs");
        study.runs()
                .forEach(
                        run ->
                                runs.addObject()
                                        .put("search", run.search())
                                        .put("repeat", run.repeat()));
        node.set("similarities", similarities);
        addInversions(node.putArray("inversions"));
        addScores(node.putArray("scores"));
        addDifferences(node.putArray("differences"));
        return node;
    }

    private void addSettings(ObjectNode node) {
        node.put("reduce", study.reduction());
        node.put("repeats", study.repeats());
        node.put("level", study.intervalLevel());
        node.put("memory", study.memory());
        var searches = node.putArray("searches");
        for (var search : study.searches()) {
            var one = searches.addObject().put("name", search.name());
            search.settings().forEach(one::putPOJO);
        }
    }

    private void addModels(ObjectNode node) {
        var models = node.putArray("models");
        var layers = node.putArray("layers");
        for (var model : study.models()) {
            for (var layer : model.layers()) {
                var one = layers.addObject().put("model", models.size());
                one.put("name", layer.at().layer());
                one.set("shape", shape(layer.shape()));
                layer.classLayer().ifPresent(name -> one.put("classLayer", name));
            }
            var one = models.addObject();
            one.put("name", model.name()).put("file", model.file()).put("sha256", model.sha256());
            one.put("backend", model.backend()).put("device", model.device());
            one.set("input", shape(model.input()));
            model.mean().forEach(one.putArray("mean")::add);
            model.standardDeviation().forEach(one.putArray("std")::add);
            new TreeMap<>(model.settings()).forEach(one.putObject("settings")::put);
        }
    }

    private static ArrayNode shape(Shape shape) {
        var dimensions = JsonNodeFactory.instance.arrayNode();
        for (int dimension : shape.dimensions()) {
            dimensions.add(dimension);
        }
        return dimensions;
    }

    /** How a measure's values are read. */
    private static ObjectNode measure(String id, Scale scale) {
        var node = JsonNodeFactory.instance.objectNode().put("id", id);
        node.put("larger", scale.largerIsMoreSimilar());
        if (Double.isFinite(scale.lowest()) && Double.isFinite(scale.highest())) {
            node.put("low", scale.lowest()).put("high", scale.highest());
        }
        return node;
    }

    private void addInversions(ArrayNode searched) {
        for (var inversion : inversions) {
            var one = searched.addObject();
            one.put("reference", inversion.reference()).put("run", inversion.run());
            one.set("residuals", Counts.quantiles(inversion.residuals()));
            double residual = Counts.bound(inversion.residuals().stream());
            one.put("high", residual);
            one.set("counts", Counts.histogram(inversion.residuals(), residual));
            var course = inversion.inversion().trace();
            if (!course.isEmpty()) {
                add(one.putObject("course"), course);
            }
            one.put("target-moved-high", movedBound(inversion));
        }
    }

    private static void add(ObjectNode node, List<TracePoint> course) {
        var passes = node.putArray("passes");
        var mean = node.putArray("mean");
        var median = node.putArray("median");
        var max = node.putArray("max");
        for (var point : course) {
            passes.add(point.passes());
            mean.add(point.residual().mean());
            median.add(point.residual().median());
            max.add(point.residual().max());
        }
    }

    /** A bound of how far all targets moved at a reference's invariant inputs. */
    private double movedBound(ShownInversion inversion) {
        return Counts.bound(
                scores.stream()
                        .filter(score -> score.isOf(inversion))
                        .flatMap(score -> score.targetMoved().stream()));
    }

    private void addScores(ArrayNode all) {
        for (var shown : scores) {
            var score = shown.found().score();
            var one = all.addObject();
            one.put("reference", shown.reference()).put("target", shown.target());
            one.put("run", shown.run());
            one.set("stir", estimates(score.stir()));
            one.set("self", ScoreDocument.numbers(score.self()));
            one.set("seed-only", ScoreDocument.numbers(score.seedOnly()));
            one.set("shuffled", ScoreDocument.numbers(score.shuffled()));
            var spread = one.putObject("permutations");
            score.permutations()
                    .forEach(
                            (measure, floor) ->
                                    spread.putObject(measure)
                                            .put("sd", floor.standardDeviation())
                                            .put("p", floor.pValue())
                                            .put("count", floor.permutations()));
            one.set("corrected", estimates(score.baselineCorrected()));
            one.set("residual", ScoreDocument.summary(shown.found().residual()));
            one.set("cautions", CautionText.document(score.cautions()));
            score.outcomes()
                    .targetMoved()
                    .ifPresent(
                            moved -> {
                                one.set("target-moved", ScoreDocument.summary(moved));
                                one.set(
                                        "target-moved-counts",
                                        Counts.histogram(shown.targetMoved(), movedBound(shown)));
                            });
            score.outcomes()
                    .classAgreement()
                    .ifPresent(agreement -> one.put("agreement", agreement));
        }
    }

    /** Which STIR is above which other; none if there are too many for a page. */
    private void addDifferences(ArrayNode all) {
        var indices = new HashMap<PlannedPair, Map<StoredStudy.Run, Integer>>();
        for (int i = 0; i < scores.size(); i++) {
            var found = scores.get(i).found();
            indices.computeIfAbsent(
                            new PlannedPair(found.reference(), found.target()),
                            unused -> new HashMap<>())
                    .put(new StoredStudy.Run(found.search(), found.repeat()), i);
        }
        var differences = study.differences().all();
        if (differences.size() > MOST_DIFFERENCES) {
            return;
        }
        for (var one : differences) {
            var run = new StoredStudy.Run(one.search(), one.repeat());
            var first = indices.getOrDefault(one.first(), Map.of()).get(run);
            var second = indices.getOrDefault(one.second(), Map.of()).get(run);
            if (first != null && second != null) {
                var node = all.addObject().put("measure", one.measure());
                node.put("first", first).put("second", second);
                node.setAll(ScoreDocument.of(one.difference()));
            }
        }
    }

    private double movedBound(ShownScore score) {
        return inversions.stream()
                .filter(score::isOf)
                .mapToDouble(this::movedBound)
                .findFirst()
                .orElse(1);
    }
}
