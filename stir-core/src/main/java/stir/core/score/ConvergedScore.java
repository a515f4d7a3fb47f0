package stir.core.score;

import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Estimate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * STIR over only those inputs for which an invariant input was found. Inputs without one lower the
 * score of all inputs whether or not the invariances are shared.
 *
 * @param within the residual up to which an invariant input counts as found
 * @param count the number of inputs that were found; some, but not all
 * @param stir the values, as in {@link DirectedScore#stir}; a measure that is undefined for too few
 *     inputs carries the reason
 * @since 0.1.0
 */
public record ConvergedScore(double within, int count, Map<String, Estimate> stir) {
    /** The residual up to which an input counts as found where the search had no tolerance. */
    public static final double DEFAULT_RESIDUAL = 0.1;

    /** Copies the values, in their order. */
    public ConvergedScore {
        stir = Collections.unmodifiableMap(new LinkedHashMap<>(stir));
    }

    /** Returns the residual up to which an invariant input of such a search counts as found. */
    public static double within(InversionSettings settings) {
        return settings.tolerance() > 0 ? settings.tolerance() : DEFAULT_RESIDUAL;
    }
}
