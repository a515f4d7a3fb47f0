package stir.cli.report;

import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.study.StoredStudy;

import java.util.List;

/** The invariant inputs of one network. */
public final class InversionReport implements Report {
    private final String model;
    private final String layer;
    private final Inputs inputs;
    private final InversionSettings settings;
    private final Inversion inversion;

    /**
     * A report.
     *
     * @param model the network's file
     * @param layer the layer that was inverted
     * @param inputs the inputs that were searched for
     * @param settings how they were searched for
     * @param inversion what was found
     */
    public InversionReport(
            String model,
            String layer,
            Inputs inputs,
            InversionSettings settings,
            Inversion inversion) {
        this.model = model;
        this.layer = layer;
        this.inputs = inputs;
        this.settings = settings;
        this.inversion = inversion;
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-inversion/1");
        root.put("model", model);
        root.put("layer", layer);
        root.set("inputs", SettingsDocument.of(inputs));
        quality().addTo(root);
        var residuals = root.putArray("residuals");
        for (int i = 0; i < inversion.count(); i++) {
            residuals.add(inversion.residual(i));
        }
        root.set("settings", SettingsDocument.of(settings));
        return JsonDocument.of(root);
    }

    private SearchQuality quality() {
        return SearchQuality.of(inversion, settings);
    }

    @Override
    public ResultTable table() {
        return new ResultTable(
                        "model",
                        "layer",
                        "inputs",
                        "residual_mean",
                        "residual_median",
                        "residual_max",
                        "moved",
                        "passes",
                        "nearer_at_most",
                        "nearer_known")
                .row(
                        model,
                        layer,
                        inversion.count(),
                        inversion.meanResidual(),
                        inversion.medianResidual(),
                        inversion.maxResidual(),
                        inversion.meanMoved(),
                        inversion.meanPasses(),
                        ResultTable.cell(inversion.meanNearer()),
                        inversion.nearerKnown());
    }

    @Override
    public String text() {
        var table = new TextTable("");
        quality().addTo(table, "%d inputs of %s at %s:".formatted(inputs.count(), model, layer));
        return table.toString();
    }

    /** Writes the invariant inputs, how each was found, the document and a picture. */
    public void save(OutputFolder folder) {
        var stored = StoredStudy.open(folder.path());
        var search = stored.place(stored.layers().get(0).at(), stored.runs().get(0));
        folder.link("invariant.npy", search.resolve("invariant.npy"));
        folder.link("rows.csv", search.resolve("rows.csv"));
        folder.write("result.json", document());
        InputPicture.of(inputs, List.of(inversion.invariantInputs()))
                .ifPresent(picture -> folder.write("picture.png", picture::write));
    }
}
