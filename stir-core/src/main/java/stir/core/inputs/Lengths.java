package stir.core.inputs;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import stir.api.Caution;
import stir.api.DataException;
import stir.api.Layout;
import stir.api.Shape;

/**
 * The numbers of positions of sequences that were padded to one number of positions. Immutable.
 *
 * @since 0.1.0
 */
public final class Lengths {
    /** The lengths of inputs without padding. */
    public static final Lengths NONE = new Lengths(0, 0, index -> 0);

    private final int positions;
    private final int elements;
    private final IntUnaryOperator ofIndex;

    private Lengths(int positions, int elements, IntUnaryOperator ofIndex) {
        this.positions = positions;
        this.elements = elements;
        this.ofIndex = ofIndex;
    }

    /**
     * Creates the lengths of sequences.
     *
     * @param source the source of the sequences, for messages
     * @param shape the shape of a sequence: a vector of positions, or 1 x positions x features
     * @param lengths the number of positions of each sequence before its padding
     * @throws DataException if a length is not from 1 to the number of positions
     */
    public static Lengths of(String source, Shape shape, int... lengths) {
        int positions = shape.dimension(shape.rank() == 1 ? 0 : 1);
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] < 1 || lengths[i] > positions) {
                throw new DataException(
                        "%s has the length %d for input %d (counting from 0), but its inputs have %d positions: use lengths from 1 to %d."
                                .formatted(source, lengths[i], i, positions, positions));
            }
        }
        var copy = lengths.clone();
        return new Lengths(positions, shape.size(), index -> copy[index]);
    }

    /** Returns the same lengths under other indices. */
    public Lengths at(IntUnaryOperator order) {
        return this == NONE
                ? this
                : new Lengths(positions, elements, index -> ofIndex.applyAsInt(order.applyAsInt(index)));
    }

    /** Returns whether there is padding. */
    public boolean arePresent() {
        return positions > 0;
    }

    /** Returns the number of positions with padding; 0 without padding. */
    public int positions() {
        return positions;
    }

    /** Returns the number of positions of an input that are not padding; 0 without padding. */
    public int of(int index) {
        return ofIndex.applyAsInt(index);
    }

    /** Returns a copy of the set of elements of an input that are padding. */
    public BitSet padding(int index) {
        var padding = new BitSet();
        if (arePresent()) {
            padding.set(elements / positions * of(index), elements);
        }
        return padding;
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
                ? Optional.of(Caution.of(
                        isUnknown ? "padding-compared" : "positions-assumed",
                        Map.of(
                                "layer", name,
                                "shape", layer.toString(),
                                "positions", positions)))
                : Optional.empty();
    }
}
