package stir.core.network.pass;

import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link PixelTransform} makes of colours where models take other channels than images have.
 */
public enum Recolouring {
    /** Red, green and blue are weighed. */
    TO_GREY,

    /** Each of three channels gets the same. */
    TO_COLOUR;

    /**
     * What becomes of images; empty if their colours stay, as far as is known.
     *
     * @param pixels the shape of the inputs
     * @param taken the shape that a model takes
     * @param layout where its channels are
     */
    public static Optional<Recolouring> of(Shape pixels, Shape taken, Layout layout) {
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
     * Returns it as a caution.
     *
     * @param models the names of the models that it is done for
     */
    public Caution caution(List<String> models) {
        return Caution.of(
                this == TO_GREY ? "turned-into-grey" : "turned-into-colours",
                Map.of("models", String.join(", ", models)));
    }
}
