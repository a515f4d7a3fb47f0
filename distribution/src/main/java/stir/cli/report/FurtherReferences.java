package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.network.FurtherReference;
import stir.core.network.Network;
import stir.core.study.names.NetworkNames;

/**
 * The further networks that a search matches, in documents and in words.
 *
 * @param references the networks
 * @param residuals the mean residuals of the searched network and of each further one, alone; empty
 *     without further ones
 */
public record FurtherReferences(List<FurtherReference> references, List<Double> residuals) {
    /** No further networks. */
    public static final FurtherReferences NONE = new FurtherReferences(List.of(), List.of());

    /** Creates a copy. */
    public FurtherReferences {
        references = List.copyOf(references);
        residuals = List.copyOf(residuals);
    }

    /**
     * Returns the further networks that a search of a network matched, with their residuals.
     *
     * @param searched the caller retains ownership
     */
    public static FurtherReferences of(
            Stir stir, Network searched, Inputs inputs, Inversion inversion, InversionSettings settings) {
        var references = searched.spec().references();
        return references.isEmpty()
                ? NONE
                : new FurtherReferences(
                        references, stir.residuals(searched, inputs, inversion.invariantInputs(), settings));
    }

    /** A further network. */
    record ReferenceDocument(String model, Optional<String> layer, double weight, double residual) {}

    /** Returns the documents of networks; empty if there are none. */
    Optional<List<ReferenceDocument>> document() {
        return Optional.of(IntStream.range(0, references.size())
                        .mapToObj(i -> document(references.get(i), residuals.get(i + 1)))
                        .toList())
                .filter(all -> !all.isEmpty());
    }

    private static ReferenceDocument document(FurtherReference reference, double residual) {
        var spec = reference.spec();
        return new ReferenceDocument(spec.file().toString(), spec.layer(), reference.weight(), residual);
    }

    /** Returns the residual of the searched network alone; empty without further ones. */
    OptionalDouble ownResidual() {
        return residuals.stream().mapToDouble(Double::doubleValue).limit(1).findFirst();
    }

    /** Returns a line about networks; empty if there are none. */
    String text() {
        return references.isEmpty()
                ? ""
                : Paragraph.hanging(
                        "with    ",
                        "also matched: %s; residuals combine all networks."
                                .formatted(references.stream()
                                        .map(FurtherReferences::name)
                                        .collect(Collectors.joining(", "))));
    }

    /**
     * Returns a line of the residuals of each network, the searched one first; empty if there are
     * no further ones.
     *
     * @param which results are meant; empty for all
     * @param searched the name of the searched network
     */
    String alone(String which, String searched) {
        if (references.isEmpty()) {
            return "";
        }
        var each = new ArrayList<String>();
        each.add("%s %s".formatted(searched, TextTable.number(residuals.get(0))));
        for (int i = 0; i < references.size(); i++) {
            var name = NetworkNames.ofFile(references.get(i).spec().file().toString());
            each.add("%s %s".formatted(name, TextTable.number(residuals.get(i + 1))));
        }
        return Paragraph.hanging("each    ", "mean residuals: %s%s".formatted(which, String.join(", ", each)));
    }

    private static String name(FurtherReference reference) {
        return reference.spec().file()
                + reference.spec().layer().map(" at "::concat).orElse("")
                + (reference.weight() == 1 ? "" : " (weight %s)".formatted(TextTable.number(reference.weight())));
    }
}
