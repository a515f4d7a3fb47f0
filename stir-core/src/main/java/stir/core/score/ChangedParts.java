package stir.core.score;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.List;
import java.util.Optional;

/**
 * The changes of the parts of the target's representation from inputs to a reference's invariant
 * inputs: what the target uses that the reference ignores, if the search converged. A change that
 * is the same for all inputs counts here, unlike in most measures.
 *
 * @param components the principal components of the target's representations of the inputs, by
 *     their variance; at most {@value #MOST_COMPONENTS}
 * @param elsewhere the share of the squared change outside these components, from 0 to 1: along
 *     further components, or where the inputs do not vary; 1 if no component is listed
 * @param units the units (columns) of the layer that are not the same for all inputs, by the square
 *     of their change; at most {@value #MOST_UNITS}
 * @since 0.1.0
 */
public record ChangedParts(List<Component> components, double elsewhere, List<ChangedUnit> units) {
    /** The largest number of components that are kept. */
    public static final int MOST_COMPONENTS = 32;

    /** The largest number of units that are kept. */
    public static final int MOST_UNITS = 128;

    /** Copies the lists. */
    public ChangedParts {
        components = List.copyOf(components);
        units = List.copyOf(units);
    }

    /**
     * A principal component.
     *
     * @param varianceShare its share of the variance of the inputs' representations, from 0 to 1
     * @param change the mean square of its change from x to x', relative to that between two rows
     *     of different inputs, which is twice its variance: 0 if it does not change, 1 if x' is as
     *     far from x as another input
     */
    public record Component(double varianceShare, double change) {}

    /**
     * A unit.
     *
     * @param index its column, from 0
     * @param varianceShare as of a component
     * @param change as of a component
     * @param nearest the reference's unit whose responses to the inputs correlate most with its
     *     own, as in {@code soft-correlation-match}; empty without a reference of the same inputs
     * @param partner the reference's unit that is matched to it one to one, as in {@code
     *     hard-correlation-match}; empty for the remainder of a wider layer, and for layers of more
     *     than {@value #MOST_UNITS} units
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record ChangedUnit(
            int index, double varianceShare, double change, Optional<Match> nearest, Optional<Match> partner) {}

    /**
     * A unit of the reference.
     *
     * @param unit its column, from 0
     * @param correlation Pearson's correlation of both units' responses to the inputs
     */
    @JsonFormat(shape = JsonFormat.Shape.ARRAY)
    public record Match(int unit, double correlation) {}
}
