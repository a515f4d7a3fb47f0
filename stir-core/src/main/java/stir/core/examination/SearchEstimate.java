package stir.core.examination;

import stir.api.Experimental;
import stir.core.inversion.Optimizer;

/**
 * What a search for invariant inputs costs, about, with an optimiser's own number of iterations.
 *
 * @param optimizer the optimiser
 * @param inputs how many inputs are searched
 * @param seconds at most, measured with a few passes on a machine that may be busy
 * @param memoryBytes that the whole process needs: what it has needed for such passes so far, and
 *     what the search keeps of each input; 0 if it could not be measured
 * @since 0.1.0
 */
@Experimental
public record SearchEstimate(Optimizer optimizer, int inputs, double seconds, long memoryBytes) {}
