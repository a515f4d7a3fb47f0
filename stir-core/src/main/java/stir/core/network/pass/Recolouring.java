package stir.core.network.pass;

import stir.api.Layout;
import stir.api.Shape;

import java.util.Optional;

/** What a model that takes other channels than images have makes of their colours, in words. */
public final class Recolouring {
    private Recolouring() {}

    /**
     * What {@link PixelTransform} does to colours, a sentence; empty if they stay as they are.
     *
     * @param model what the model is called
     * @param pixels the shape of the inputs
     * @param taken the shape that the model takes, as far as it is known
     * @param layout where its channels are
     */
    public static Optional<String> of(String model, Shape pixels, Shape taken, Layout layout) {
        if (pixels.rank() != 3 || taken.rank() != 3) {
            return Optional.empty();
        }
        int from = pixels.dimension(0);
        int to = taken.dimension(layout == Layout.CHANNELS_LAST ? 2 : 0);
        if (from == 3 && to == 1) {
            return Optional.of(
                    "%s takes grey images: the inputs, which are in colour, are turned into grey for it."
                            .formatted(model));
        }
        if (from == 1 && to == 3) {
            return Optional.of(
                    "%s takes images in colour: the inputs, which are grey, are repeated over its three channels."
                            .formatted(model));
        }
        return Optional.empty();
    }
}
