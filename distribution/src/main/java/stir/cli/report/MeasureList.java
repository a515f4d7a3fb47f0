package stir.cli.report;

import org.jspecify.annotations.Nullable;

import stir.api.Scale;
import stir.api.SimilarityMeasure;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** The similarity measures that there are. */
public final class MeasureList implements Report {
    private final List<SimilarityMeasure> measures;
    private final int columns;

    /**
     * These measures, in their order.
     *
     * @param columns how many characters a line for people has
     */
    public MeasureList(Collection<SimilarityMeasure> measures, int columns) {
        this.measures = List.copyOf(measures);
        this.columns = columns;
    }

    @Override
    public JsonDocument document() {
        var root = JsonDocument.object("stir-measures/1");
        var list = root.putArray("measures");
        for (var measure : measures) {
            var range = JsonDocument.array();
            range.add(finite(measure.scale().lowest())).add(finite(measure.scale().highest()));
            var entry = list.addObject();
            entry.put("id", measure.id());
            entry.put("description", measure.description());
            entry.set("range", range);
            entry.put("larger-is-more-similar", measure.scale().largerIsMoreSimilar());
            entry.put("symmetric", measure.isSymmetric());
            entry.put("minimum-inputs", measure.minimumRows());
            entry.put("needs-equal-widths", measure.needsEqualWidths());
            entry.set("parameters", JsonDocument.texts(measure.parameters()));
        }
        return JsonDocument.of(root);
    }

    /** JSON has no infinity: an open end is null. */
    private static @Nullable Double finite(double end) {
        return Double.isInfinite(end) ? null : end;
    }

    @Override
    public ResultTable table() {
        var table = new ResultTable("measure", "kind", "lowest", "highest", "description");
        for (var measure : measures) {
            table.row(
                    measure.id(),
                    kind(measure.scale()),
                    end(measure.scale().lowest()),
                    end(measure.scale().highest()),
                    measure.description());
        }
        return table;
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
