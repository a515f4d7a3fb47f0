package stir.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.api.Layer;
import stir.api.Shape;

import java.util.Arrays;

class LayerTreeTest {
    private static String tree(String... names) {
        var text = new StringBuilder();
        new LayerTree(
                        Arrays.stream(names)
                                .map(name -> new Layer(name, "Linear", Shape.of(1)))
                                .toList())
                .visit(
                        (layer, depth) ->
                                text.append("  ".repeat(depth)).append(layer.name()).append('\n'));
        return text.toString();
    }

    @Test
    void whatContainsOthersStandsWhereTheFirstOfThemIs() {
        assertEquals(
                """
                norm
                block
                  block.conv
                    block.conv@in
                  block.inner
                    block.inner.0
                fc
                """,
                tree(
                        "norm",
                        "block.conv@in",
                        "block.conv",
                        "block.inner.0",
                        "block.inner",
                        "block",
                        "fc"));
    }

    @Test
    void namesWithoutTheOneAboveThemStayAtTheTop() {
        assertEquals("a.b.c\na.b.d\nab\n", tree("a.b.c", "a.b.d", "ab"));
    }

    @Test
    void whatIsBetweenMayBeMissing() {
        assertEquals("a\n  a.b.c\n", tree("a.b.c", "a"));
    }
}
