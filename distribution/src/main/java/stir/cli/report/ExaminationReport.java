package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import stir.api.Layer;
import stir.api.Shape;
import stir.api.support.Words;
import stir.core.check.ExportCheck;
import stir.core.check.GradientCheck;
import stir.core.check.LayerDifference;
import stir.core.check.SearchEstimate;
import stir.core.io.files.Table;
import stir.core.runtime.machine.ProcessMemory;

/**
 * The report on the check of a network's file.
 *
 * @param problems its problems in words
 */
public record ExaminationReport(ExportCheck examination, List<String> problems) implements Report {
    private static final int NAMES_SHOWN = 4;

    private record Document(
            String schema,
            String model,
            String backend,
            Map<String, String> origin,
            LayerList.Input input,
            Optional<Shape> tried,

            @JsonProperty("default") @JsonInclude(JsonInclude.Include.ALWAYS)
            Optional<String> chosen,

            Layers layers,
            Map<String, Gradient> gradients,
            List<SearchCost> searches,
            List<DifferingPair> differences,
            List<String> problems) {}

    private record Layers(int measurable, int searchable, List<Lacking> withoutGradient, List<Lacking> notMeasurable) {}

    private record Lacking(String reason, List<String> layers) {
        static List<Lacking> of(Map<String, List<String>> byReason) {
            return byReason.entrySet().stream()
                    .map(entry -> new Lacking(entry.getKey(), entry.getValue()))
                    .toList();
        }
    }

    private record Gradient(
            boolean agrees,
            @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble error,
            @JsonInclude(JsonInclude.Include.ALWAYS) OptionalDouble worst,
            int trials) {
        static Gradient of(GradientCheck check) {
            return new Gradient(check.agrees(), finite(check.error()), finite(check.worst()), check.trials());
        }
    }

    private record SearchCost(String optimizer, int inputs, double seconds, long memoryBytes) {
        static SearchCost of(SearchEstimate search) {
            return new SearchCost(
                    Words.of(search.optimizer()), search.inputs(), search.seconds(), search.memoryBytes());
        }
    }

    private record DifferingPair(
            String layer, String other, Optional<OptionalDouble> difference, Optional<String> reason) {
        static DifferingPair of(LayerDifference pair) {
            return new DifferingPair(
                    pair.layer(),
                    pair.other(),
                    pair.difference().isPresent()
                            ? Optional.of(finite(pair.difference().getAsDouble()))
                            : Optional.empty(),
                    pair.reason());
        }
    }

    /** Returns a number. JSON has finite ones alone: any other is null. */
    private static OptionalDouble finite(double value) {
        return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    @Override
    public JsonDocument document() {
        var gradients = new LinkedHashMap<String, Gradient>();
        examination.gradients().forEach((layer, check) -> gradients.put(layer, Gradient.of(check)));
        return JsonDocument.of(new Document(
                "stir-check/2",
                examination.model(),
                examination.backend(),
                examination.origin(),
                LayerList.Input.of(examination.input(), examination.input().shape()),
                examination.shape(),
                examination.layer().map(Layer::name),
                new Layers(
                        examination.measurable().size(),
                        examination.searchable().size(),
                        Lacking.of(examination.obstacles(true)),
                        Lacking.of(examination.obstacles(false))),
                gradients,
                examination.searches().stream().map(SearchCost::of).toList(),
                examination.differences().stream().map(DifferingPair::of).toList(),
                problems));
    }

    @Override
    public Table<?> table() {
        return new Table<>(examination.differences())
                .column("layer", LayerDifference::layer)
                .column("other", LayerDifference::other)
                .column("difference", ExaminationReport::cell)
                .column("reason", LayerDifference::reason);
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
                                input.shape().rank() == 0 ? "of a dynamic shape" : input.shape(),
                                Words.of(input.layout()),
                                input.batch().isPresent() ? ", " + input.batch().getAsInt() + " at a time" : ""));
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
        var text = new StringBuilder("%s (%s)%n".formatted(examination.model(), examination.backend()));
        text.append(facts);
        problems.forEach(problem -> text.append(Paragraph.hanging("wrong: ", problem)));
        var notes = notes(ProcessMemory.machineBytes());
        notes.forEach(note -> text.append(Paragraph.hanging("note: ", note)));
        if (problems.isEmpty()) {
            text.append(notes.isEmpty() ? "no problems found\n" : "no problems found, but see the notes\n");
        }
        return text.toString();
    }

    /**
     * Returns what may hinder a search, though the file is right.
     *
     * @param machineBytes the memory of the machine, if it is known
     */
    List<String> notes(OptionalLong machineBytes) {
        var notes = new ArrayList<String>();
        examination.gradients().forEach((layer, check) -> {
            if (check.agrees() && check.worst() > GradientCheck.TOLERANCE) {
                notes.add(
                        "at %s a trial differs by %s, because the network has a kink there or the gradient is wrong: the median decides, and a search from such inputs may stop early."
                                .formatted(layer, small(check.worst())));
            }
        });
        examination.searches().stream()
                .filter(search -> search.memoryBytes() > machineBytes.orElse(Long.MAX_VALUE))
                .findFirst()
                .ifPresent(search -> notes.add(
                        "%s needs %s, and this machine has %s: use a smaller --batch-size, fewer inputs (--limit) or smaller ones (--size)."
                                .formatted(
                                        Words.of(search.optimizer()),
                                        Amounts.size(search.memoryBytes()),
                                        Amounts.size(machineBytes.orElseThrow()))));
        return notes;
    }

    private static void addLacking(TextTable facts, String label, Map<String, List<String>> lacking) {
        var heading = label;
        for (var entry : lacking.entrySet()) {
            var names = Paragraph.listed(entry.getValue(), ", ", NAMES_SHOWN);
            facts.row(heading, names + ": " + entry.getKey());
            heading = "";
        }
    }

    private void addGradients(TextTable facts) {
        var heading = "gradient";
        for (var gradient : examination.gradients().entrySet()) {
            var check = gradient.getValue();
            facts.row(
                    heading,
                    "at %s %s finite differences: median error %s of %d trials (right up to %s), largest %s"
                            .formatted(
                                    gradient.getKey(),
                                    check.agrees() ? "as by" : "unlike",
                                    small(check.error()),
                                    check.trials(),
                                    GradientCheck.TOLERANCE,
                                    small(check.worst())));
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
                                    search.memoryBytes() == 0 ? "" : ", " + Amounts.size(search.memoryBytes())));
            heading = "";
        }
    }

    private void addDifferences(TextTable facts) {
        var all = examination.differences();
        if (all.isEmpty()) {
            return;
        }
        var compared =
                all.stream().filter(pair -> pair.difference().isPresent()).toList();
        double largest = compared.stream()
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
            var reason = pair.reason();
            reason.ifPresent(why ->
                    reasons.computeIfAbsent(why, none -> new ArrayList<>()).add(name(pair)));
        }
        addLacking(facts, "not compared", reasons);
    }

    private static String name(LayerDifference pair) {
        return pair.layer().equals(pair.other()) ? pair.layer() : pair.layer() + " and " + pair.other();
    }

    private static String small(double value) {
        return String.format(Locale.ROOT, "%.1e", value);
    }
}
