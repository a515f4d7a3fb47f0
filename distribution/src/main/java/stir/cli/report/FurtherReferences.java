package stir.cli.report;

import stir.core.network.FurtherReference;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The further networks that a search matches, in documents and in words. */
final class FurtherReferences {
    private FurtherReferences() {}

    /** A further network. */
    record Document(String model, Optional<String> layer, double weight) {}

    /** Returns the documents of networks; empty if there are none. */
    static Optional<List<Document>> document(List<FurtherReference> references) {
        return Optional.of(
                        references.stream()
                                .map(
                                        one ->
                                                new Document(
                                                        one.spec().file().toString(),
                                                        one.spec().layer(),
                                                        one.weight()))
                                .toList())
                .filter(all -> !all.isEmpty());
    }

    /** Returns a line about networks; empty if there are none. */
    static String text(List<FurtherReference> references) {
        return references.isEmpty()
                ? ""
                : Paragraph.hanging(
                        "with    ",
                        "each X' also matches %s; residuals are those of all together."
                                .formatted(
                                        references.stream()
                                                .map(FurtherReferences::name)
                                                .collect(Collectors.joining(", "))),
                        Paragraph.COLUMNS);
    }

    private static String name(FurtherReference reference) {
        return reference.spec().file()
                + reference.spec().layer().map(" at "::concat).orElse("")
                + (reference.weight() == 1
                        ? ""
                        : " (weight %s)".formatted(TextTable.number(reference.weight())));
    }
}
