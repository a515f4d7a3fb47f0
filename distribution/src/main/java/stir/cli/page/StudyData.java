package stir.cli.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is stored of a study, in the form that the page's scripts read. */
final class StudyData {
    private static final String KEPT = "kept";
    private static final String COURSE = "course";

    private final JsonNode study;
    private final Map<String, SimilarityMeasure> measures;
    private final List<PlacedLayer> layers = new ArrayList<>();
    private final List<SearchRepeat> runs = new ArrayList<>();
    private final List<StoredScore> scores = new ArrayList<>();
    private final List<StoredInversion> inversions = new ArrayList<>();
    private final ArrayNode similarities = JsonNodeFactory.instance.arrayNode();

    private StudyData(JsonNode study, Map<String, SimilarityMeasure> measures) {
        this.study = study;
        this.measures = measures;
    }

    /** Reads all but the arrays. */
    static StudyData of(StudyFiles files, Map<String, SimilarityMeasure> measures) {
        var data = new StudyData(files.document(), measures);
        data.readPlan();
        data.readResults(files);
        return data;
    }

    private void readPlan() {
        int model = 0;
        for (var node : study.path("models")) {
            for (var layer : node.path("layers")) {
                var folder = node.path("name").asText() + "/" + layer.path("folder").asText();
                layers.add(new PlacedLayer(model, layer.path("name").asText(), folder));
            }
            model++;
        }
        for (var search : study.path("searches")) {
            for (int repeat = 1; repeat <= study.path("repeats").asInt(); repeat++) {
                runs.add(new SearchRepeat(search.path("name").asText(), repeat));
            }
        }
    }

    private void readResults(StudyFiles files) {
        var indices = new HashMap<String, Integer>();
        for (int i = 0; i < layers.size(); i++) {
            var name = study.path("models").path(layers.get(i).model()).path("name").asText();
            indices.put(name + "\n" + layers.get(i).name(), i);
        }
        for (int run = 0; run < runs.size(); run++) {
            for (int reference = 0; reference < layers.size(); reference++) {
                int at = reference;
                int of = run;
                files.inversion(layers.get(reference), runs.get(run))
                        .ifPresent(found -> inversions.add(new StoredInversion(at, of, found)));
            }
        }
        for (var pair : study.path("pairs")) {
            int reference = index(indices, pair.path("reference"));
            int target = index(indices, pair.path("target"));
            if (reference < 0 || target < 0) {
                continue;
            }
            files.similarity(layers.get(target), layers.get(reference))
                    .ifPresent(found -> addSimilarity(reference, target, found));
            for (int run = 0; run < runs.size(); run++) {
                int of = run;
                files.score(layers.get(target), layers.get(reference), runs.get(run))
                        .ifPresent(
                                found -> scores.add(new StoredScore(reference, target, of, found)));
            }
        }
    }

    private static int index(Map<String, Integer> indices, JsonNode layer) {
        return indices.getOrDefault(
                layer.path("model").asText() + "\n" + layer.path("layer").asText(), -1);
    }

    private void addSimilarity(int reference, int target, JsonNode found) {
        var node = similarities.addObject().put("reference", reference).put("target", target);
        node.set("values", found.path("similarity"));
        node.set("cautions", found.path("cautions"));
    }

    List<PlacedLayer> layers() {
        return layers;
    }

    List<SearchRepeat> runs() {
        return runs;
    }

    List<StoredScore> scores() {
        return scores;
    }

    List<StoredInversion> inversions() {
        return inversions;
    }

    /** How many scores the study has when it is complete. */
    int planned() {
        return study.path("pairs").size() * runs.size();
    }

    /** All of it as a document, without the gallery. */
    ObjectNode document(String name) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("name", name);
        node.put("planned", planned());
        node.set("command", study.path("command"));
        node.set("versions", study.path("versions"));
        node.set("inputs", study.path("inputs"));
        var settings = node.putObject("settings");
        settings.set("reduce", study.path("reduce"));
        settings.set("repeats", study.path("repeats"));
        settings.set("level", study.path("ci-level"));
        settings.set("searches", study.path("searches"));
        addModels(node);
        var ids = node.putArray("measures");
        study.path("measures").forEach(id -> ids.add(measure(id.asText())));
        var all = node.putArray("runs");
        runs.forEach(
                run -> all.addObject().put("search", run.search()).put("repeat", run.repeat()));
        node.set("similarities", similarities);
        addResults(node);
        return node;
    }

    private void addModels(ObjectNode node) {
        var models = node.putArray("models");
        var all = node.putArray("layers");
        int index = 0;
        for (var model : study.path("models")) {
            var copy = models.addObject();
            model.properties().stream()
                    .filter(field -> !"layers".equals(field.getKey()))
                    .forEach(field -> copy.set(field.getKey(), field.getValue()));
            for (var layer : model.path("layers")) {
                var one = all.addObject().put("model", index);
                one.set("name", layer.path("name"));
                one.set("shape", layer.path("shape"));
                one.set("classLayer", layer.path("class-layer"));
            }
            index++;
        }
    }

    /** How a measure's values are read, as far as it is known. */
    private ObjectNode measure(String id) {
        var node = JsonNodeFactory.instance.objectNode().put("id", id);
        int parameters = id.indexOf('?');
        var known = measures.get(parameters < 0 ? id : id.substring(0, parameters));
        var scale = known == null ? null : known.scale();
        node.put("larger", scale == null || scale.largerIsMoreSimilar());
        if (scale != null && Double.isFinite(scale.lowest()) && isFinite(scale)) {
            node.put("low", scale.lowest()).put("high", scale.highest());
        }
        return node;
    }

    private static boolean isFinite(Scale scale) {
        return Double.isFinite(scale.highest());
    }

    private void addResults(ObjectNode node) {
        var searched = node.putArray("inversions");
        var keptBounds = new HashMap<List<Integer>, Double>();
        for (var inversion : inversions) {
            var one = searched.addObject();
            one.put("reference", inversion.reference()).put("run", inversion.run());
            one.set("residuals", Counts.quantiles(inversion.residuals()));
            double residual = Counts.bound(inversion.residuals().stream());
            one.put("high", residual);
            one.set("counts", Counts.histogram(inversion.residuals(), residual));
            if (inversion.document().has(COURSE)) {
                one.set(COURSE, inversion.document().path(COURSE));
            }
            double kept =
                    Counts.bound(
                            scores.stream()
                                    .filter(score -> score.isOf(inversion))
                                    .flatMap(score -> score.kept().stream()));
            one.put("kept-high", kept);
            keptBounds.put(List.of(inversion.reference(), inversion.run()), kept);
        }
        var all = node.putArray("scores");
        for (var score : scores) {
            var one = all.addObject();
            one.put("reference", score.reference()).put("target", score.target());
            one.put("run", score.run());
            for (var field : new String[] {"stir", "self", "seed-only", "shuffled", "residual"}) {
                one.set(field, score.document().path(field));
            }
            one.set("corrected", score.document().path("baseline-corrected"));
            one.set("cautions", score.document().path("cautions"));
            var bound = keptBounds.get(List.of(score.reference(), score.run()));
            if (score.document().has(KEPT) && bound != null) {
                one.set(KEPT, score.document().path(KEPT));
                one.set("kept-counts", Counts.histogram(score.kept(), bound));
            }
            if (score.document().has("class-agreement")) {
                one.set("agreement", score.document().path("class-agreement"));
            }
        }
    }
}
