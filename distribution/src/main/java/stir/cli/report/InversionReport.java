package stir.cli.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Caution;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Spread;
import stir.core.io.arrays.WavFile;
import stir.core.io.files.Table;
import stir.core.score.CautionText;
import stir.core.score.SearchQuality;
import stir.core.study.StoredStudy;
import stir.core.study.names.NetworkNames;
import stir.core.study.plan.StudiedSearch;

/**
 * The report on the invariant inputs of one network.
 *
 * @param model the network's file
 * @param layer the layer that was inverted
 * @param references the further networks that the search matched
 * @param inputs the inputs that were searched for
 * @param settings the settings of the search
 * @param inversion the invariant inputs; of a spread, its first members
 * @param spread all members, if there are several per input
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
        Optional<Spread> spread,
        List<Caution> cautions,
        Optional<NearestTokens> tokens)
        implements Report {
    private record Document(
            String schema,
            String name,
            String file,
            String layer,
            OptionalDouble ownResidual,
            Optional<List<FurtherReferences.ReferenceDocument>> references,
            SettingsDocument.InputsDocument inputs,
            SearchQuality search,
            List<Double> residuals,
            Optional<SpreadTable.Fields> spread,
            Optional<NearestTokens> tokens,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<CautionText.Document> cautions,
            Map<String, Object> settings) {}

    @Override
    public JsonDocument document() {
        return JsonDocument.of(new Document(
                "stir-inversion/2",
                NetworkNames.ofFile(model),
                model,
                layer,
                references.ownResidual(),
                references.document(),
                SettingsDocument.of(inputs),
                quality(),
                IntStream.range(0, inversion.count())
                        .mapToObj(inversion::residual)
                        .toList(),
                ofSpread(SpreadTable::fields),
                tokens,
                CautionText.document(cautions),
                SettingsDocument.of(settings)));
    }

    private <T> Optional<T> ofSpread(Function<SpreadTable, T> part) {
        return spread.map(members -> part.apply(new SpreadTable(inputs, members)));
    }

    private SearchQuality quality() {
        return new SearchQuality(StudiedSearch.of(settings).name(), 1, settings, inversion, Optional.empty());
    }

    @Override
    public Table<?> table() {
        return new Table<>(List.of(inversion))
                .column("name", of -> NetworkNames.ofFile(model))
                .column("file", of -> model)
                .column("layer", of -> layer)
                .column("inputs", Inversion::count)
                .column("residual", Inversion::meanResidual)
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
        return Paragraph.hanging("", "%d inputs of %s at %s:".formatted(inputs.count(), model, layer))
                + ofSpread(SpreadTable::text).orElseGet(() -> SearchText.quality("  ", quality()))
                + Paragraph.hanging("search  ", meaning() + ".")
                + references.text()
                + references.alone(spread.isPresent() ? "the first members: " : "", NetworkNames.ofFile(model))
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
        double converged = spread.map(all -> (double) all.converged())
                .orElseGet(() -> quality().converged());
        if (converged == 0) {
            return SearchText.method(settings) + ": no search converged";
        }
        return spread.isPresent()
                ? SearchText.method(settings) + ": invariant inputs that are far from each other"
                : SearchText.meaning(settings);
    }

    /** Writes the invariant inputs, how each was found, the document, and a picture or sounds. */
    public void save(OutputFolder folder) {
        var stored = StoredStudy.open(folder.path());
        save(stored, 0, inversion, folder);
        var members = spread.map(Spread::members).orElse(List.of());
        for (int k = 0; k < members.size(); k++) {
            var each = folder.within("member-" + (k + 1));
            OutputFolder.createFolder(each.path());
            save(stored, k, members.get(k), each);
        }
        ofSpread(SpreadTable::csv)
                .ifPresent(csv -> OutputFolder.writeText(folder.path().resolve("members.csv"), csv));
        folder.write("result.json", document());
        var shown = members.isEmpty() ? List.of(inversion) : members;
        InputPicture.of(inputs, shown.stream().map(Inversion::invariantInputs).toList())
                .ifPresent(picture -> folder.write("picture.png", picture::write));
    }

    private void save(StoredStudy stored, int run, Inversion inversion, OutputFolder folder) {
        var search = stored.place(stored.layers().get(0), stored.runs().get(run));
        folder.link("invariant.npy", search.resolve("invariant.npy"));
        folder.link("rows.csv", search.resolve("rows.csv"));
        inputs.facts().sound().ifPresent(sound -> saveSounds(inversion.invariantInputs(), folder, sound.rate()));
    }

    /** Writes invariant inputs as sounds, under the names of the inputs. */
    private void saveSounds(Inputs sounds, OutputFolder folder, int rate) {
        var row = Batch.allocate(1, sounds.shape());
        for (int i = 0; i < sounds.count(); i++) {
            sounds.read(i, row, 0);
            var samples = new float[row.rowSize()];
            row.buffer().get(0, samples);
            inputs.facts().range().fromUnit(samples);
            folder.within("invariant").write(inputs.name(i), out -> WavFile.write(out, samples, rate));
        }
    }
}
