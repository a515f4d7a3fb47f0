package stir.cli.report;

import stir.core.score.CautionKind;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Why some values should not be trusted: what differs in numbers alone is said once. */
final class Cautions {
    private final Map<CautionKind, String> firstOfKind = new LinkedHashMap<>();
    private final Map<CautionKind, Integer> counts = new LinkedHashMap<>();

    void add(List<String> cautions) {
        for (var caution : cautions) {
            var kind = CautionKind.of(caution);
            firstOfKind.putIfAbsent(kind, caution);
            counts.merge(kind, 1, Integer::sum);
        }
    }

    /** A line for each kind. */
    String text() {
        var text = new StringBuilder();
        firstOfKind.forEach(
                (kind, caution) -> {
                    int others = counts.getOrDefault(kind, 1) - 1;
                    text.append("caution: ").append(caution);
                    text.append(
                            others == 0 ? "\n" : " (Likewise for %d more.)\n".formatted(others));
                });
        return text.toString();
    }
}
