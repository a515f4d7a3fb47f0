package stir.core.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

import java.util.List;
import java.util.Map;
import java.util.Optional;

class ChannelConversionTest {
    private static final Shape COLOUR = Shape.of(3, 8, 8);
    private static final Shape GREY = Shape.of(1, 8, 8);

    private static Optional<ChannelConversion> of(Shape pixels, Shape taken, Layout layout) {
        return ChannelConversion.of(pixels, taken, layout);
    }

    @Test
    void changedColoursAreKnownInBothDirectionsAndLayouts() {
        var toGrey = Optional.of(ChannelConversion.TO_GREY);
        var toColour = Optional.of(ChannelConversion.TO_COLOUR);
        assertEquals(toGrey, of(COLOUR, GREY, Layout.CHANNELS_FIRST));
        assertEquals(toGrey, of(COLOUR, Shape.of(8, 8, 1), Layout.CHANNELS_LAST));
        assertEquals(toColour, of(GREY, COLOUR, Layout.CHANNELS_FIRST));
        assertEquals(toColour, of(GREY, Shape.of(8, 8, 3), Layout.CHANNELS_LAST));
    }

    @Test
    void coloursThatStayAndWhatIsNoImageAreNotSpokenOf() {
        var unknown = Shape.of(Shape.UNKNOWN, 8, 8);
        assertEquals(Optional.empty(), of(GREY, GREY, Layout.CHANNELS_FIRST));
        assertEquals(Optional.empty(), of(COLOUR, COLOUR, Layout.CHANNELS_FIRST));
        assertEquals(Optional.empty(), of(COLOUR, unknown, Layout.CHANNELS_FIRST));
        assertEquals(Optional.empty(), of(COLOUR, Shape.of(192), Layout.FLAT));
        assertEquals(Optional.empty(), of(Shape.of(5), Shape.of(5), Layout.FLAT));
    }

    @Test
    void oneCautionNamesAllModels() {
        assertEquals(
                Caution.of("turned-into-grey", Map.of("models", "a, b")),
                ChannelConversion.TO_GREY.caution(List.of("a", "b")));
    }
}
