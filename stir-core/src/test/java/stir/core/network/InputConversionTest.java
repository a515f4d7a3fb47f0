package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

/** The changes of images that a model of another shape receives. */
class InputConversionTest {
    private static final Shape COLOUR = Shape.of(3, 8, 8);
    private static final Shape GREY = Shape.of(1, 8, 8);

    private static List<Caution> of(Shape pixels, Shape taken, Layout layout) {
        return InputConversion.of(pixels, taken, layout).stream()
                .map(change -> change.caution(List.of("a", "b"), List.of()))
                .toList();
    }

    @Test
    void changedColoursAreKnownInBothDirectionsAndLayouts() {
        var toGrey = List.of(Caution.of("turned-into-grey", Map.of("models", "a, b")));
        var toColour = List.of(Caution.of("turned-into-colours", Map.of("models", "a, b")));
        assertEquals(toGrey, of(COLOUR, GREY, Layout.CHANNELS_FIRST));
        assertEquals(toGrey, of(COLOUR, Shape.of(8, 8, 1), Layout.CHANNELS_LAST));
        assertEquals(toColour, of(GREY, COLOUR, Layout.CHANNELS_FIRST));
        assertEquals(toColour, of(GREY, Shape.of(8, 8, 3), Layout.CHANNELS_LAST));
    }

    @Test
    void anotherSizeIsKnownInBothLayouts() {
        var resized = List.of(Caution.of("resized", Map.of("from", "8x8", "to", "6x8", "models", "a, b")));
        int free = Shape.UNKNOWN;
        assertEquals(resized, of(COLOUR, Shape.of(3, 6, 8), Layout.CHANNELS_FIRST));
        assertEquals(resized, of(COLOUR, Shape.of(6, free, 3), Layout.CHANNELS_LAST));
        assertEquals(List.of(), of(COLOUR, Shape.of(3, free, free), Layout.CHANNELS_FIRST));
        assertEquals(2, of(GREY, Shape.of(3, 6, 8), Layout.CHANNELS_FIRST).size());
    }

    @Test
    void modelsThatReceiveAnotherSizeAreNamed() {
        var resized = InputConversion.of(COLOUR, Shape.of(3, 6, 6), Layout.CHANNELS_FIRST)
                .get(0);
        assertEquals(
                Caution.of("resized-for-some", Map.of("from", "8x8", "to", "6x6", "models", "a", "others", "b, c")),
                resized.caution(List.of("a"), List.of("b", "c")));
    }

    @Test
    void imagesThatStayAndArraysOfOtherKindsHaveNoCaution() {
        var unknown = Shape.of(Shape.UNKNOWN, 8, 8);
        assertEquals(List.of(), of(GREY, GREY, Layout.CHANNELS_FIRST));
        assertEquals(List.of(), of(COLOUR, COLOUR, Layout.CHANNELS_FIRST));
        assertEquals(List.of(), of(COLOUR, unknown, Layout.CHANNELS_FIRST));
        assertEquals(List.of(), of(COLOUR, Shape.of(192), Layout.FLAT));
        assertEquals(List.of(), of(Shape.of(5), Shape.of(5), Layout.FLAT));
    }
}
