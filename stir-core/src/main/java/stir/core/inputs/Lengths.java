package stir.core.inputs;

import stir.api.Caution;
import stir.api.Layout;
import stir.api.Shape;

import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The numbers of positions of sequences that were padded to one number of positions. Immutable.
 *
 * @since 0.1.0
 */
public final class Lengths {
    /** The lengths of inputs without padding. */
    public static final Lengths NONE = new Lengths(0, index -> 0);

    private final int positions;
    private final IntUnaryOperator ofIndex;

    private Lengths(int positions, IntUnaryOperator ofIndex) {
        this.positions = positions;
        this.ofIndex = ofIndex;
    }

    /** Returns the lengths of inputs; {@link #NONE} without padding. */
    public static Lengths of(Inputs inputs) {
        return inputs.positions() == 0
                ? NONE
                : new Lengths(
                        inputs.positions(),
                        index -> inputs.length(index).orElse(inputs.positions()));
    }

    /** Returns the same lengths under other indices. */
    public Lengths at(IntUnaryOperator order) {
        return this == NONE
                ? this
                : new Lengths(positions, index -> ofIndex.applyAsInt(order.applyAsInt(index)));
    }

    /** Returns whether there is padding. */
    public boolean arePresent() {
        return positions > 0;
    }

    /** Returns the number of positions with padding; 0 without padding. */
    public int positions() {
        return positions;
    }

    /** Returns the number of positions of an input that are not padding. */
    public int of(int index) {
        return ofIndex.applyAsInt(index);
    }

    /**
     * Returns whether a layer has one row per position of the inputs. Only the first dimension
     * decides; for an image with channels first, it counts channels.
     *
     * @param layer the shape of a representation
     * @param layout the layout of images
     */
    public boolean areOf(Shape layer, Layout layout) {
        boolean isImage = layer.rank() == 3 && layout == Layout.CHANNELS_FIRST;
        return layer.rank() > 1 && !isImage && layer.dimension(0) == positions;
    }

    /**
     * Returns whether a layer has its own positions, whose padding is unknown, for example after
     * down-sampling. A vector has none.
     */
    public boolean areUnknownAt(Shape layer, Layout layout) {
        return arePresent() && layer.rank() > 1 && !areOf(layer, layout);
    }

    /**
     * Returns a caution that padding is, or may be, searched and compared at a layer, because
     * either dimension could be the positions; empty if it is not.
     *
     * @param name the layer's name
     */
    public Optional<Caution> caution(String name, Shape layer, Layout layout) {
        boolean isUnknown = areUnknownAt(layer, layout);
        boolean isAssumed = arePresent() && layer.equals(Shape.of(positions, positions));
        return isUnknown || isAssumed
                ? Optional.of(
                        Caution.of(
                                isUnknown ? "padding-compared" : "positions-assumed",
                                Map.of(
                                        "layer", name,
                                        "shape", layer.toString(),
                                        "positions", positions)))
                : Optional.empty();
    }
}
