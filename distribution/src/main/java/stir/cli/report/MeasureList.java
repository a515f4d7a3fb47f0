package stir.cli.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import stir.api.Scale;
import stir.api.SimilarityMeasure;
import stir.core.io.files.Table;

/**
 * A list of similarity measures.
 *
 * @param measures the measures, in the order in which they are listed
 * @param columns the number of characters in a line for people
 * @param detailed whether sources, ranges and parameters are part of the text
 */
public record MeasureList(Collection<SimilarityMeasure> measures, int columns, boolean detailed) implements Report {
    /** The default measures, and the usual one of each large family. */
    private static final Set<String> RECOMMENDED = Set.of(
            "linear-cka", "linear-cka-debiased", "rsa-spearman", "mutual-knn", "procrustes", "ridge-predictivity");

    /** The families that are listed first. */
    private static final List<String> FIRST = List.of("cka", "rsa", "neighbours", "alignment");

    /** The source at the end of a description. */
    private static final Pattern SOURCE = Pattern.compile(" \\([^()]*\\)$");

    private record Document(String schema, List<MeasureDocument> measures) {}

    private record MeasureDocument(
            String id,
            String family,
            boolean recommended,
            String description,
            List<OptionalDouble> range,
            boolean largerIsMoreSimilar,
            boolean symmetric,
            int minimumInputs,
            boolean needsEqualWidths,
            Map<String, String> parameters) {
        static MeasureDocument of(SimilarityMeasure measure) {
            var scale = measure.scale();
            return new MeasureDocument(
                    measure.id(),
                    measure.family(),
                    RECOMMENDED.contains(measure.id()),
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
        return JsonDocument.of(new Document(
                "stir-measures/2", measures.stream().map(MeasureDocument::of).toList()));
    }

    @Override
    public Table<?> table() {
        return new Table<>(measures)
                .column("measure", SimilarityMeasure::id)
                .column("family", measure -> measure.family())
                .column("recommended", measure -> RECOMMENDED.contains(measure.id()))
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
        return detailed ? details() : families();
    }

    /** Returns a line per measure, in families. */
    private String families() {
        var families = new TreeMap<String, List<SimilarityMeasure>>(MeasureList::inOrder);
        for (var measure : measures) {
            families.computeIfAbsent(measure.family(), key -> new ArrayList<>()).add(measure);
        }
        int longest =
                measures.stream().mapToInt(each -> each.id().length()).max().orElse(0);
        var text = new StringBuilder();
        families.forEach((family, members) -> {
            members.sort(Comparator.comparing(each -> !RECOMMENDED.contains(each.id())));
            text.append(heading(family)).append(":\n");
            members.forEach(member -> text.append(line(member, longest)));
        });
        return text.append(Paragraph.hanging(
                        "",
                        "* recommended. Smaller distances and larger similarities are more"
                                + " similar. `stir measures ID` and `--details` add sources,"
                                + " ranges and parameters.",
                        columns))
                .toString();
    }

    private static int inOrder(String one, String other) {
        return Comparator.comparingInt((String family) -> FIRST.contains(family) ? FIRST.indexOf(family) : FIRST.size())
                .thenComparing(Comparator.naturalOrder())
                .compare(one, other);
    }

    /** Returns the heading of a family: an abbreviation, or words. */
    private static String heading(String family) {
        int capitals = family.length() < 4 ? family.length() : 1;
        return family.substring(0, capitals).toUpperCase(Locale.ROOT)
                + family.substring(capitals).replace('-', ' ');
    }

    private String line(SimilarityMeasure measure, int longest) {
        var head = "  %s %s "
                .formatted(
                        measure.id() + " ".repeat(longest - measure.id().length()),
                        RECOMMENDED.contains(measure.id()) ? "*" : " ");
        var description = SOURCE.matcher(measure.description()).replaceFirst("");
        return Paragraph.hanging(
                head, measure.scale().largerIsMoreSimilar() ? description : "distance: " + description, columns);
    }

    private String details() {
        var text = new StringBuilder();
        for (var measure : measures) {
            text.append(measure.id())
                    .append("  (")
                    .append(range(measure.scale()))
                    .append(")\n");
            text.append(Paragraph.hanging("    ", measure.description(), columns));
            for (var one : measure.parameters().entrySet()) {
                var head = "    ?%s=...  ".formatted(one.getKey());
                text.append(Paragraph.hanging(head, one.getValue(), columns));
            }
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
        return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.4g", value);
    }
}
