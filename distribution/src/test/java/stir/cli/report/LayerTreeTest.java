package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.api.Layer;
import stir.api.Shape;

class LayerTreeTest {
    private static String tree(String... names) {
        var text = new StringBuilder();
        new LayerTree(Arrays.stream(names)
                        .map(name -> new Layer(name, "Linear", Shape.of(1)))
                        .toList())
                .visit((layer, depth) ->
                        text.append("  ".repeat(depth)).append(layer.name()).append('\n'));
        return text.toString();
    }

    @Test
    void aContainerIsListedWhereItsFirstLayerIs() {
        assertEquals("""
                norm
                block
                  block.conv
                    block.conv@in
                  block.inner
                    block.inner.0
                fc
                """, tree("norm", "block.conv@in", "block.conv", "block.inner.0", "block.inner", "block", "fc"));
    }

    @Test
    void namesWithoutTheOneAboveThemStayAtTheTop() {
        assertEquals("a.b.c\na.b.d\nab\n", tree("a.b.c", "a.b.d", "ab"));
    }

    @Test
    void containersBetweenMayBeMissing() {
        assertEquals("a\n  a.b.c\n", tree("a.b.c", "a"));
    }

    /** Like a network that has one obstacle at many layers, and longer names than a line. */
    @Test
    void layersFitATerminalAndNameEachReasonOnce() {
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < 12; i++) {
            layers.add(new Layer(
                    "block%d.conv".formatted(i),
                    "Conv",
                    Shape.of(16, 28, 28),
                    Optional.of("The exporter merged it."),
                    false));
        }
        var name = "/" + "stage/".repeat(14) + "Conv_output_0";
        layers.add(new Layer(name, "GlobalAveragePool", Shape.of(64), Optional.empty(), true));
        var text = new LayerLines(layers, Optional.of(name)).text();
        assertTrue(text.contains("\n*  " + name + "\n"), text);
        assertEquals(
                List.of("*  " + name),
                text.lines().filter(line -> line.length() > 80).toList());
        assertEquals(1, text.split("exporter merged it", -1).length - 1, text);
        assertTrue(text.replaceAll("\\s+", " ").contains(", block3.conv and 8 more)"), text);
        assertTrue(text.lines().anyMatch(line -> line.matches(" +GlobalAveragePool +64")), text);
    }
}
