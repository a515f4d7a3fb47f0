package stir.core.network.pass;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import stir.api.Layout;
import stir.api.Shape;

import java.util.Optional;

class RecolouringTest {
    private static final Shape COLOUR = Shape.of(3, 8, 8);
    private static final Shape GREY = Shape.of(1, 8, 8);

    private static Optional<String> of(Shape pixels, Shape taken, Layout layout) {
        return Recolouring.of("a.pt", pixels, taken, layout);
    }

    @Test
    void changedColoursAreToldInBothDirectionsAndLayouts() {
        var toGrey = "a.pt takes grey images: ";
        var toColour = "a.pt takes images in colour: ";
        assertBegins(toGrey, of(COLOUR, GREY, Layout.CHANNELS_FIRST));
        assertBegins(toGrey, of(COLOUR, Shape.of(8, 8, 1), Layout.CHANNELS_LAST));
        assertBegins(toColour, of(GREY, COLOUR, Layout.CHANNELS_FIRST));
        assertBegins(toColour, of(GREY, Shape.of(8, 8, 3), Layout.CHANNELS_LAST));
    }

    private static void assertBegins(String text, Optional<String> sentence) {
        assertTrue(sentence.orElseThrow().startsWith(text), sentence::toString);
    }

    @Test
    void coloursThatStayAndWhatIsNoImageAreNotSpokenOf() {
        assertEquals(Optional.empty(), of(GREY, GREY, Layout.CHANNELS_FIRST));
        assertEquals(Optional.empty(), of(COLOUR, COLOUR, Layout.CHANNELS_FIRST));
        assertEquals(
                Optional.empty(), of(COLOUR, Shape.of(Shape.UNKNOWN, 8, 8), Layout.CHANNELS_FIRST));
        assertEquals(Optional.empty(), of(COLOUR, Shape.of(192), Layout.FLAT));
        assertEquals(Optional.empty(), of(Shape.of(5), Shape.of(5), Layout.FLAT));
    }
}
