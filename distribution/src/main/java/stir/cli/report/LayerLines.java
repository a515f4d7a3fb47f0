package stir.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import stir.api.Layer;
import stir.core.check.ExportCheck;

/**
 * The layers of a network in lines of at most {@link Paragraph#COLUMNS} characters, longer names
 * excepted, and below them the reasons of those that can't be searched, once each.
 *
 * @param chosen the name of the layer that is measured unless another is named
 */
record LayerLines(List<Layer> layers, Optional<String> chosen) {
    private static final String DEFAULT = "*";
    private static final String WITHOUT_GRADIENT = "-";
    private static final String OUT = "x";

    /** The layers that the line of a reason names. */
    private static final int NAMED = 4;

    /** The characters of the sign of a line and of the blanks between its columns. */
    private static final int BETWEEN = 7;

    String text() {
        return list() + explained();
    }

    private String list() {
        int kind =
                layers.stream().mapToInt(layer -> layer.kind().length()).max().orElse(0);
        int size = layers.stream()
                .mapToInt(layer -> LayerList.shape(layer).length())
                .max()
                .orElse(0);
        int room = Paragraph.COLUMNS - kind - size - BETWEEN;
        var names = new ArrayList<String>();
        new LayerTree(layers).visit((layer, depth) -> names.add("  ".repeat(depth) + layer.name()));
        int name = names.stream()
                .mapToInt(String::length)
                .filter(one -> one <= room)
                .max()
                .orElse(0);
        var list = new StringBuilder();
        new LayerTree(layers).visit((layer, depth) -> {
            var shown = "  ".repeat(depth) + layer.name();
            var head = sign(layer) + "  " + shown;
            if (shown.length() > name) { // the rest has a line of its own
                list.append(head.stripTrailing()).append('\n');
                head = "";
            }
            var line = padded(head, name + 3) + "  " + padded(layer.kind(), kind) + "  " + LayerList.shape(layer);
            list.append(line).append('\n');
        });
        return list.toString();
    }

    /** Returns the sign before a layer that its line explains below the list. */
    private String sign(Layer layer) {
        if (chosen.filter(layer.name()::equals).isPresent()) {
            return DEFAULT;
        }
        return layer.obstacle().isEmpty() ? " " : layer.measurable() ? WITHOUT_GRADIENT : OUT;
    }

    private static String padded(String text, int characters) {
        return text + " ".repeat(Math.max(0, characters - text.length()));
    }

    /** Returns what the signs before layers mean. */
    private String explained() {
        var text = new StringBuilder();
        chosen.filter(name -> layers.stream().anyMatch(layer -> layer.name().equals(name)))
                .ifPresent(name -> text.append(DEFAULT).append("  is measured unless --layer names another\n"));
        for (var measurable : List.of(true, false)) {
            ExportCheck.obstacles(layers, measurable)
                    .forEach((why, of) -> text.append(Paragraph.hanging(
                            (measurable ? WITHOUT_GRADIENT : OUT) + "  ",
                            "%s: %s (%s)"
                                    .formatted(
                                            measurable ? "measured, but not searched" : "not measured",
                                            why.replaceFirst("[.]$", ""),
                                            Paragraph.listed(of, ", ", NAMED)))));
        }
        return text.toString();
    }
}
