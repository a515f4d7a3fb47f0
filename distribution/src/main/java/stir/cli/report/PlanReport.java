package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.study.StudyCost;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.StudyPlan;

/**
 * What a study has to do, and what that costs, about.
 *
 * @param plan what there is to do
 * @param cost what it costs
 */
public record PlanReport(StudyPlan plan, StudyCost cost) implements Report {
    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-plan/1");
        var models = root.putArray("models");
        for (var model : plan.models()) {
            var node = models.addObject().put("name", model.name());
            node.put("backend", model.backend());
            node.put("sha256", model.sha256());
            var layers = node.putArray("layers");
            for (var layer : model.layers()) {
                layers.addObject()
                        .put("name", layer.name())
                        .set("shape", JsonDocument.shape(layer.shape()));
            }
        }
        root.set("inputs", SettingsDocument.of(plan.inputs()));
        root.set("work", work());
        root.putObject("estimate")
                .put("inversion-seconds", cost.inversionSeconds())
                .put("comparison-seconds", cost.comparisonSeconds())
                .put("memory-bytes", cost.memoryBytes())
                .put("disk-bytes", cost.diskBytes());
        return JsonDocument.of(root);
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("work", "amount");
        work().properties().forEach(entry -> table.row(entry.getKey(), entry.getValue().asLong()));
        return table.row("inversion-seconds", cost.inversionSeconds())
                .row("comparison-seconds", cost.comparisonSeconds())
                .row("memory-bytes", cost.memoryBytes())
                .row("disk-bytes", cost.diskBytes());
    }

    private ObjectNode work() {
        return JsonDocument.object()
                .put("reference-layers", plan.references().size())
                .put("target-layers", plan.targets().size())
                .put("inversions", plan.inversions())
                .put("search-passes", plan.searchPasses())
                .put("representation-passes", plan.representationPasses())
                .put("pairs", plan.pairs().size())
                .put("comparisons", plan.comparisons());
    }

    /** What comparisons are. */
    static String comparisons(StudyPlan plan) {
        int similarities = plan.pairs().size();
        return "%d %s + %d plain %s"
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
                "forward and backward of one input, at most; and %d forward"
                        .formatted(plan.representationPasses()));
        work.row(
                "comparisons",
                Integer.toString(plan.comparisons()),
                "%s, by %s"
                        .formatted(
                                comparisons(plan),
                                String.join(", ", plan.experiment().measures())));
        work.row(
                "time",
                "about " + Amounts.duration(cost.inversionSeconds() + cost.comparisonSeconds()),
                "%s of it for inversions; measured now with a few passes"
                        .formatted(Amounts.duration(cost.inversionSeconds())));
        work.row("memory", Amounts.megabytes(cost.memoryBytes()), "beside the largest model");
        work.row("disk", Amounts.megabytes(cost.diskBytes()), "");
        var cautions = new Cautions();
        cautions.add(plan.cautions());
        return models
                + "%d inputs of %s from %s\n\n"
                        .formatted(
                                plan.inputs().count(),
                                plan.inputs().shape(),
                                plan.inputs().source())
                + work
                + cautions.text();
    }

    private static void addTo(TextTable table, PlannedModel model) {
        var name = model.name();
        for (var layer : model.layers()) {
            table.row(name, layer.name(), layer.shape().toString(), model.backend());
            name = "";
        }
    }
}
