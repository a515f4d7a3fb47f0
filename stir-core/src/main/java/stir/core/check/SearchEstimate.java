package stir.core.check;

import stir.api.Experimental;
import stir.core.inversion.Optimizer;

/**
 * The estimated cost of a search for invariant inputs, with an optimiser's default number of
 * iterations.
 *
 * @param optimizer the optimiser
 * @param inputs the number of inputs
 * @param seconds an upper bound, extrapolated from a few passes on a machine that may be busy
 * @param memoryBytes the memory of the whole process: its peak in such passes, and the state of the
 *     search per input; 0 if it could not be measured
 * @since 0.1.0
 */
@Experimental
public record SearchEstimate(Optimizer optimizer, int inputs, double seconds, long memoryBytes) {}
