package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.api.Shape;
import stir.core.io.files.Table;
import stir.core.study.StudyCost;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.Stage;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Workload;

/**
 * The work of a study and its approximate cost.
 *
 * @param plan the work
 * @param scored whether networks are compared, and not only searched
 * @param cost its estimated cost
 */
public record PlanReport(StudyPlan plan, boolean scored, StudyCost cost) implements Report {
    /** The seconds from which a shorter search is mentioned. */
    private static final double LONG = 600;

    private record Document(
            String schema,
            List<ModelDocument> models,
            SettingsDocument.InputsDocument inputs,
            Map<String, Number> work,
            Map<String, Number> estimate) {}

    private record ModelDocument(String name, String backend, String sha256, List<LayerDocument> layers) {
        static ModelDocument of(PlannedModel model) {
            return new ModelDocument(
                    model.name(),
                    model.backend(),
                    model.sha256(),
                    model.layers().stream()
                            .map(layer -> new LayerDocument(layer.name(), layer.shape()))
                            .toList());
        }
    }

    private record LayerDocument(String name, Shape shape) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-plan/2",
                plan.models().stream().map(ModelDocument::of).toList(),
                SettingsDocument.of(plan.inputs()),
                work(),
                estimate()));
    }

    @Override
    public Table<?> table() {
        var amounts = work();
        amounts.putAll(estimate());
        return new Table<>(amounts.entrySet()).column("work", Map.Entry::getKey).column("amount", Map.Entry::getValue);
    }

    private Map<String, Number> work() {
        var work = new LinkedHashMap<String, Number>();
        work.put("reference_layers", plan.references().size());
        work.put("target_layers", scored ? plan.targets().size() : 0);
        work.put("inversions", plan.inversions());
        work.put("search_passes", plan.searchPasses());
        work.put("representation_passes", scored ? plan.representationPasses() : 0);
        work.put("pairs", scored ? plan.pairs().size() : 0);
        work.put("comparisons", scored ? plan.comparisons() : 0);
        return work;
    }

    private Map<String, Number> estimate() {
        var estimate = new LinkedHashMap<String, Number>();
        estimate.put("inversion_seconds", cost.inversionSeconds());
        estimate.put("comparison_seconds", cost.comparisonSeconds());
        estimate.put("memory_bytes", cost.memoryBytes());
        estimate.put("disk_bytes", cost.diskBytes());
        return estimate;
    }

    /** Returns the numbers of scores and of similarities. */
    static String comparisons(StudyPlan plan) {
        int similarities = plan.pairs().size();
        return "%d %s + %d %s"
                .formatted(
                        plan.scores(),
                        plan.scores() == 1 ? "score" : "scores",
                        similarities,
                        similarities == 1 ? "similarity" : "similarities");
    }

    @Override
    public String text() {
        var models = new TextTable("");
        plan.models().forEach(model -> addTo(models, model));
        var work = new TextTable("");
        work.row(
                "inversions",
                Integer.toString(plan.inversions()),
                "%d x %d x %d: reference layers, searches, repeats"
                        .formatted(
                                plan.references().size(),
                                plan.experiment().searches().size(),
                                plan.experiment().repeats()));
        work.row(
                "passes",
                Long.toString(plan.searchPasses()),
                "forward and backward of one input, at most"
                        + (scored ? "; and %d forward".formatted(plan.representationPasses()) : ""));
        if (scored) {
            work.row(
                    "comparisons",
                    Integer.toString(plan.comparisons()),
                    "%s, by %s"
                            .formatted(
                                    comparisons(plan),
                                    String.join(", ", plan.experiment().measures())));
        }
        var inversions = Amounts.duration(cost.inversionSeconds()) + " of it for inversions; ";
        work.row(
                "time",
                "about " + Amounts.duration(seconds()),
                (scored ? inversions : "") + "measured now with a few passes");
        addFast(work);
        work.row("memory", Amounts.size(cost.memoryBytes()), "on top of the largest model");
        work.row("disk", Amounts.size(cost.diskBytes()), "");
        return models
                + "%d inputs of %s from %s\n\n"
                        .formatted(
                                plan.inputs().count(),
                                plan.inputs().shape(),
                                plan.inputs().facts().source())
                + work
                + remarks();
    }

    @Override
    public String remarks() {
        var cautions = new Cautions();
        cautions.add(plan.cautions());
        return cautions.text();
    }

    /** Adds the time of a shorter search, if the work is long and has one. */
    private void addFast(TextTable table) {
        double size = 0;
        double byFast = 0;
        for (var part : Workload.of(plan, 0, plan.units(Stage.SEARCH)).parts()) {
            size += part.size();
            byFast += part.byFast();
        }
        if (byFast < size && seconds() > LONG) {
            double seconds = cost.inversionSeconds() * byFast / size + cost.comparisonSeconds();
            table.row("", "about " + Amounts.duration(seconds), "with the optimiser fast, for a first impression");
        }
    }

    private double seconds() {
        return cost.inversionSeconds() + cost.comparisonSeconds();
    }

    private void addTo(TextTable table, PlannedModel model) {
        var name = model.name();
        for (var layer : model.layers()) {
            table.row(name, layer.name(), layer.shape().toString(), model.backend());
            name = "";
        }
    }
}
