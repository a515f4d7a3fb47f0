package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;

import stir.api.Batch;
import stir.api.Caution;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.io.arrays.WavFile;
import stir.core.io.files.Table;
import stir.core.score.ConvergedScore;
import stir.core.study.StoredStudy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The report on the invariant inputs of one network.
 *
 * @param model the network's file
 * @param layer the layer that was inverted
 * @param references the further networks that the search matched
 * @param inputs the inputs that were searched for
 * @param settings the settings of the search
 * @param inversion the invariant inputs
 * @param cautions the reasons not to trust them
 * @param tokens the nearest tokens, if there is a vocabulary
 */
public record InversionReport(
        String model,
        String layer,
        FurtherReferences references,
        Inputs inputs,
        InversionSettings settings,
        Inversion inversion,
        List<Caution> cautions,
        Optional<NearestTokens> tokens)
        implements Report {
    private record Document(
            String schema,
            String model,
            String layer,
            OptionalDouble ownResidual,
            Optional<List<FurtherReferences.Document>> references,
            SettingsDocument.Data inputs,
            @JsonUnwrapped SearchQuality.Fields quality,
            List<Double> residuals,
            Optional<NearestTokens> tokens,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<CautionText.Document> cautions,
            Map<String, Object> settings) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(
                new Document(
                        "stir-inversion/1",
                        model,
                        layer,
                        references.ownResidual(),
                        references.document(),
                        SettingsDocument.of(inputs),
                        quality().fields(),
                        IntStream.range(0, inversion.count())
                                .mapToObj(inversion::residual)
                                .toList(),
                        tokens,
                        CautionText.document(cautions),
                        SettingsDocument.of(settings)));
    }

    private SearchQuality quality() {
        return SearchQuality.of(inversion, settings);
    }

    @Override
    public Table<?> table() {
        return new Table<>(List.of(inversion))
                .column("model", found -> model)
                .column("layer", found -> layer)
                .column("inputs", Inversion::count)
                .column("residual_mean", Inversion::meanResidual)
                .column("residual_median", Inversion::medianResidual)
                .column("residual_max", Inversion::maxResidual)
                .column("moved", Inversion::meanMoved)
                .column("passes", Inversion::meanPasses)
                .column("nearer_at_most", Inversion::meanNearer)
                .column("nearer_known", Inversion::nearerKnown)
                .column("distance_from_input", Inversion::meanDistanceFromInput);
    }

    @Override
    public String text() {
        return Paragraph.hanging(
                        "", "%d inputs of %s at %s:".formatted(inputs.count(), model, layer))
                + quality().text("  ")
                + Paragraph.hanging("search  ", meaning() + ".")
                + references.text()
                + references.alone(NetworkNames.ofFile(Path.of(model)))
                + SettingsDocument.rangeText(inputs)
                + tokens.map(NearestTokens::text).orElse("")
                + cautionLines();
    }

    private String cautionLines() {
        var lines = new Cautions();
        lines.add(cautions);
        return lines.text();
    }

    private String meaning() {
        return inversion.converged(ConvergedScore.within(settings)) > 0
                ? SearchText.meaning(settings)
                : SearchText.method(settings) + ": it found no invariant input";
    }

    /** Writes the invariant inputs, how each was found, the document, and a picture or sounds. */
    public void save(OutputFolder folder) {
        var stored = StoredStudy.open(folder.path());
        var search = stored.place(stored.layers().get(0).at(), stored.runs().get(0));
        folder.link("invariant.npy", search.resolve("invariant.npy"));
        folder.link("rows.csv", search.resolve("rows.csv"));
        folder.write("result.json", document());
        InputPicture.of(inputs, List.of(inversion.invariantInputs()))
                .ifPresent(picture -> folder.write("picture.png", picture::write));
        inputs.rate().ifPresent(rate -> saveSounds(folder, rate));
    }

    /** Writes the invariant inputs as sounds, under the names of the inputs. */
    private void saveSounds(OutputFolder folder, int rate) {
        var found = inversion.invariantInputs();
        var row = Batch.allocate(1, found.shape());
        for (int i = 0; i < found.count(); i++) {
            found.read(i, row, 0);
            var samples = new float[row.rowSize()];
            row.buffer().get(0, samples);
            inputs.range().fromUnit(samples);
            folder.within("invariant")
                    .write(inputs.name(i), out -> WavFile.write(out, samples, rate));
        }
    }
}
