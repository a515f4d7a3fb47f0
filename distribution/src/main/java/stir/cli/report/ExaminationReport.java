package stir.cli.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.api.Layer;
import stir.api.Refusal;
import stir.api.support.Words;
import stir.core.examination.ExportCheck;
import stir.core.examination.GradientCheck;
import stir.core.examination.LayerDifference;
import stir.core.examination.SearchEstimate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What was found out about a network's file. */
public final class ExaminationReport implements Report {
    private static final int NAMES_SHOWN = 4;

    private final ExportCheck examination;
    private final List<String> problems;

    /**
     * Creates a report.
     *
     * @param words returns a problem in words
     */
    public ExaminationReport(ExportCheck examination, Function<Refusal, String> words) {
        this.examination = examination;
        this.problems = examination.problems().stream().map(words).toList();
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-check/1");
        root.put("model", examination.model());
        root.put("backend", examination.backend());
        var origin = root.putObject("origin");
        examination.origin().forEach(origin::put);
        var input = root.putObject("input");
        input.put("name", examination.input().name());
        input.set("shape", JsonDocument.shape(examination.input().shape()));
        input.put("layout", Words.of(examination.input().layout()));
        examination.input().batch().ifPresent(rows -> input.put("batch", rows));
        examination.shape().ifPresent(shape -> root.set("tried", JsonDocument.shape(shape)));
        root.put("default", examination.layer().map(Layer::name).orElse(null));
        var layers = root.putObject("layers");
        layers.put("measurable", examination.measurable().size());
        layers.put("searchable", examination.searchable().size());
        putLacking(layers.putArray("without-gradient"), examination.obstacles(true));
        putLacking(layers.putArray("not-measurable"), examination.obstacles(false));
        var gradients = root.putObject("gradients");
        examination.gradients().forEach((name, check) -> put(gradients.putObject(name), check));
        var searches = root.putArray("searches");
        examination.searches().forEach(search -> put(searches.addObject(), search));
        var differences = root.putArray("differences");
        examination.differences().forEach(pair -> put(differences.addObject(), pair));
        root.set("problems", JsonDocument.texts(problems));
        return JsonDocument.of(root);
    }

    private static void putLacking(ArrayNode list, Map<String, List<String>> lacking) {
        lacking.forEach(
                (reason, names) -> {
                    var entry = list.addObject().put("reason", reason);
                    var layers = entry.putArray("layers");
                    names.forEach(layers::add);
                });
    }

    private static void put(ObjectNode node, GradientCheck check) {
        node.put("agrees", check.agrees());
        putFinite(node, "error", check.error());
        putFinite(node, "worst", check.worst());
        node.put("trials", check.trials());
    }

    /** JSON has no other numbers. */
    private static void putFinite(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        } else {
            node.putNull(name);
        }
    }

    private static void put(ObjectNode node, SearchEstimate search) {
        node.put("optimizer", Words.of(search.optimizer()));
        node.put("inputs", search.inputs());
        node.put("seconds", search.seconds());
        node.put("memory-bytes", search.memoryBytes());
    }

    private static void put(ObjectNode node, LayerDifference pair) {
        node.put("layer", pair.layer());
        node.put("other", pair.other());
        if (pair.difference().isPresent()) {
            putFinite(node, "difference", pair.difference().getAsDouble());
        }
        pair.reason().ifPresent(reason -> node.put("reason", reason));
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("layer", "other", "difference", "reason");
        for (var pair : examination.differences()) {
            table.row(pair.layer(), pair.other(), cell(pair), pair.reason().orElse(""));
        }
        return table;
    }

    private static String cell(LayerDifference pair) {
        return pair.difference().isPresent() ? small(pair.difference().getAsDouble()) : "";
    }

    @Override
    public String text() {
        var facts = new TextTable("  ");
        examination.origin().forEach(facts::row);
        var input = examination.input();
        facts.row(
                "input",
                "'%s', %s, %s%s"
                        .formatted(
                                input.name(),
                                input.shape().rank() == 0
                                        ? "of a shape that the file does not state"
                                        : input.shape(),
                                Words.of(input.layout()),
                                input.batch().isPresent()
                                        ? ", " + input.batch().getAsInt() + " at a time"
                                        : ""));
        examination
                .shape()
                .filter(shape -> !shape.equals(input.shape()))
                .ifPresent(shape -> facts.row("tried", shape.toString()));
        facts.row(
                "layers",
                "%d can be measured, %d of them searched; measured unless another is named: %s"
                        .formatted(
                                examination.measurable().size(),
                                examination.searchable().size(),
                                examination
                                        .layer()
                                        .map(layer -> layer.name() + " (" + layer.shape() + ")")
                                        .orElse("none")));
        addLacking(facts, "no gradient", examination.obstacles(true));
        addLacking(facts, "can't be measured", examination.obstacles(false));
        addGradients(facts);
        addSearches(facts);
        addDifferences(facts);
        var text =
                new StringBuilder(
                        "%s (%s)%n".formatted(examination.model(), examination.backend()));
        text.append(facts);
        problems.forEach(problem -> text.append("wrong: ").append(problem).append('\n'));
        if (problems.isEmpty()) {
            text.append("nothing is wrong\n");
        }
        return text.toString();
    }

    private static void addLacking(
            TextTable facts, String what, Map<String, List<String>> lacking) {
        var heading = what;
        for (var entry : lacking.entrySet()) {
            facts.row(heading, names(entry.getValue()) + ": " + entry.getKey());
            heading = "";
        }
    }

    private static String names(List<String> names) {
        var shown = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
        return names.size() > NAMES_SHOWN
                ? "%s and %d more".formatted(shown, names.size() - NAMES_SHOWN)
                : shown;
    }

    private void addGradients(TextTable facts) {
        var heading = "gradient";
        for (var gradient : examination.gradients().entrySet()) {
            var check = gradient.getValue();
            facts.row(
                    heading,
                    "at %s %s finite differences: relative error %s, at most %s in %d trials"
                            .formatted(
                                    gradient.getKey(),
                                    check.agrees() ? "as by" : "unlike",
                                    small(check.error()),
                                    small(check.worst()),
                                    check.trials()));
            heading = "";
        }
    }

    private void addSearches(TextTable facts) {
        var heading = "search";
        for (var search : examination.searches()) {
            facts.row(
                    heading,
                    "%d inputs, %s: %s at most%s"
                            .formatted(
                                    search.inputs(),
                                    Words.of(search.optimizer()),
                                    Amounts.duration(search.seconds()),
                                    search.memoryBytes() == 0
                                            ? ""
                                            : ", " + Amounts.megabytes(search.memoryBytes())));
            heading = "";
        }
    }

    private void addDifferences(TextTable facts) {
        var all = examination.differences();
        if (all.isEmpty()) {
            return;
        }
        var compared = all.stream().filter(pair -> pair.difference().isPresent()).toList();
        double largest =
                compared.stream()
                        .mapToDouble(pair -> pair.difference().getAsDouble())
                        .max()
                        .orElse(0);
        facts.row(
                "like names",
                "%d pairs of layers, %d compared; largest relative difference %s"
                        .formatted(all.size(), compared.size(), small(largest)));
        for (var pair : all) {
            if (pair.isWrong()) {
                facts.row("", name(pair) + ": " + cell(pair));
            }
        }
        var reasons = new LinkedHashMap<String, List<String>>();
        for (var pair : all) {
            pair.reason()
                    .ifPresent(
                            why ->
                                    reasons.computeIfAbsent(why, none -> new ArrayList<>())
                                            .add(name(pair)));
        }
        addLacking(facts, "not compared", reasons);
    }

    private static String name(LayerDifference pair) {
        return pair.layer().equals(pair.other())
                ? pair.layer()
                : pair.layer() + " and " + pair.other();
    }

    private static String small(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
