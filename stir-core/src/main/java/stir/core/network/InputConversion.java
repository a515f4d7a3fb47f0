package stir.core.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

/**
 * A conversion of images for a model that expects other channels or another size.
 *
 * @param kind the kind of its caution
 * @param sizes the sizes of the images and of the inputs that the model receives; empty for
 *     channels
 * @since 0.1.0
 */
public record InputConversion(String kind, Map<String, String> sizes) {
    private static final String RESIZED = "resized";

    /** Copies the sizes. */
    public InputConversion {
        sizes = Map.copyOf(sizes);
    }

    /**
     * Returns the conversions of images: weighted sums of colours or repeated greys, then bilinear
     * resizing.
     *
     * @param pixels the shape of the inputs
     * @param taken the shape that a model expects
     * @param layout the layout of that shape
     */
    public static List<InputConversion> of(Shape pixels, Shape taken, Layout layout) {
        if (pixels.rank() != 3 || taken.rank() != 3) {
            return List.of();
        }
        var conversions = new ArrayList<InputConversion>();
        boolean last = layout == Layout.CHANNELS_LAST;
        int from = pixels.dimension(0);
        int to = taken.dimension(last ? 2 : 0);
        if (from == 3 && to == 1) {
            conversions.add(new InputConversion("turned-into-grey", Map.of()));
        } else if (from == 1 && to == 3) {
            conversions.add(new InputConversion("turned-into-colours", Map.of()));
        }
        var given = Shape.of(pixels.dimension(1), pixels.dimension(2));
        var received = Shape.of(
                known(taken.dimension(last ? 0 : 1), given.dimension(0)),
                known(taken.dimension(last ? 1 : 2), given.dimension(1)));
        if (!received.equals(given)) {
            conversions.add(new InputConversion(RESIZED, Map.of("from", given.toString(), "to", received.toString())));
        }
        return conversions;
    }

    private static int known(int taken, int given) {
        return taken == Shape.UNKNOWN ? given : taken;
    }

    /**
     * Returns the caution on this conversion.
     *
     * @param models the names of the models that need the conversion
     * @param others the names of the models that do not
     */
    public Caution caution(List<String> models, List<String> others) {
        boolean differ = kind.equals(RESIZED) && !others.isEmpty();
        var caution = Caution.of(differ ? "resized-for-some" : kind, Map.of("models", String.join(", ", models)));
        for (var size : sizes.entrySet()) {
            caution = caution.with(size.getKey(), size.getValue());
        }
        return differ ? caution.with("others", String.join(", ", others)) : caution;
    }
}
