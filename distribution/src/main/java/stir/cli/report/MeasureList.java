package stir.cli.report;

import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.io.files.Table;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** The list of the installed similarity measures. */
public final class MeasureList implements Report {
    private final List<SimilarityMeasure> measures;
    private final int columns;

    /**
     * Creates a list of these measures, in their order.
     *
     * @param columns how many characters a line for people has
     */
    public MeasureList(Collection<SimilarityMeasure> measures, int columns) {
        this.measures = List.copyOf(measures);
        this.columns = columns;
    }

    private record Document(String schema, List<Measure> measures) {}

    private record Measure(
            String id,
            String description,
            List<OptionalDouble> range,
            boolean largerIsMoreSimilar,
            boolean symmetric,
            int minimumInputs,
            boolean needsEqualWidths,
            Map<String, String> parameters) {
        static Measure of(SimilarityMeasure measure) {
            var scale = measure.scale();
            return new Measure(
                    measure.id(),
                    measure.description(),
                    List.of(finite(scale.lowest()), finite(scale.highest())),
                    scale.largerIsMoreSimilar(),
                    measure.isSymmetric(),
                    measure.minimumRows(),
                    measure.needsEqualWidths(),
                    measure.parameters());
        }

        /** Returns an end of a range. JSON has no infinity: an open end is null. */
        private static OptionalDouble finite(double end) {
            return Double.isInfinite(end) ? OptionalDouble.empty() : OptionalDouble.of(end);
        }
    }

    @Override
    public JsonDocument document() {
        return JsonDocument.of(
                new Document("stir-measures/1", measures.stream().map(Measure::of).toList()));
    }

    @Override
    public Table<?> table() {
        return new Table<>(measures)
                .column("measure", SimilarityMeasure::id)
                .column("kind", measure -> kind(measure.scale()))
                .column("lowest", measure -> end(measure.scale().lowest()))
                .column("highest", measure -> end(measure.scale().highest()))
                .column("description", SimilarityMeasure::description);
    }

    @Override
    public String text() {
        if (measures.isEmpty()) {
            return "There are no similarity measures.\n";
        }
        var text = new StringBuilder();
        for (var measure : measures) {
            text.append(measure.id()).append("  (").append(range(measure.scale())).append(")\n");
            text.append(Paragraph.hanging("    ", measure.description(), columns));
            measure.parameters()
                    .forEach(
                            (name, explained) ->
                                    text.append(
                                            Paragraph.hanging(
                                                    "    ?%s=...  ".formatted(name),
                                                    explained,
                                                    columns)));
        }
        return text.toString();
    }

    private static String range(Scale scale) {
        return "%s from %s to %s".formatted(kind(scale), end(scale.lowest()), end(scale.highest()));
    }

    private static String kind(Scale scale) {
        return scale.largerIsMoreSimilar() ? "similarity" : "distance";
    }

    private static String end(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "infinity" : "-infinity";
        }
        return value == Math.rint(value)
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4g", value);
    }
}
