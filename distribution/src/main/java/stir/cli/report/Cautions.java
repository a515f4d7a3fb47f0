package stir.cli.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.api.Caution;
import stir.core.score.CautionText;

/** Reasons not to trust some values: those that differ in numbers alone are written once. */
final class Cautions {
    private final Map<Caution, Caution> firstOfKind = new LinkedHashMap<>();
    private final Map<Caution, Integer> counts = new LinkedHashMap<>();

    void add(List<Caution> cautions) {
        for (var caution : cautions) {
            var kind = caution.withoutNumbers();
            firstOfKind.putIfAbsent(kind, caution);
            counts.merge(kind, 1, Integer::sum);
        }
    }

    /** Returns a line per kind. */
    String text() {
        var text = new StringBuilder();
        firstOfKind.forEach((kind, caution) -> {
            int others = counts.getOrDefault(kind, 1) - 1;
            text.append("caution: ").append(CautionText.of(caution));
            text.append(others == 0 ? "\n" : " (Likewise for %d more.)\n".formatted(others));
        });
        return text.toString();
    }
}
