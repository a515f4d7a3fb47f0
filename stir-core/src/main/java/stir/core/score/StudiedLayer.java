package stir.core.score;

import java.util.Objects;

/**
 * A layer of a model of a study.
 *
 * @param model the model's name in the study
 * @param layer the layer's name in the model
 * @since 0.1.0
 */
public record StudiedLayer(String model, String layer) {
    /** Checks that nothing is missing. */
    public StudiedLayer {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(layer, "layer");
    }

    /** Returns the text that people read: {@code model:layer}. */
    @Override
    public String toString() {
        return model + ":" + layer;
    }
}
