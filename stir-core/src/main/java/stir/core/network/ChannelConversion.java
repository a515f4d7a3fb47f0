package stir.core.network;

import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The conversion of channels where a model takes other channels than images have.
 *
 * @since 0.1.0
 */
public enum ChannelConversion {
    /** The weighted sum of red, green and blue. */
    TO_GREY,

    /** The same values in each of three channels. */
    TO_COLOUR;

    /**
     * Returns the conversion of images; empty if their channels stay the same.
     *
     * @param pixels the shape of the inputs
     * @param taken the shape that a model takes
     * @param layout the layout of that shape
     */
    public static Optional<ChannelConversion> of(Shape pixels, Shape taken, Layout layout) {
        if (pixels.rank() != 3 || taken.rank() != 3) {
            return Optional.empty();
        }
        int from = pixels.dimension(0);
        int to = taken.dimension(layout == Layout.CHANNELS_LAST ? 2 : 0);
        return from == 3 && to == 1
                ? Optional.of(TO_GREY)
                : from == 1 && to == 3 ? Optional.of(TO_COLOUR) : Optional.empty();
    }

    /**
     * Returns the caution on this conversion.
     *
     * @param models the names of the models that need the conversion
     */
    public Caution caution(List<String> models) {
        return Caution.of(
                this == TO_GREY ? "turned-into-grey" : "turned-into-colours",
                Map.of("models", String.join(", ", models)));
    }
}
