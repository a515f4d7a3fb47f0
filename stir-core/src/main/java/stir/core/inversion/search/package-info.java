/**
 * Searches for invariant inputs: networks, seeds, the queue of inputs, and the rules of workers.
 */
@NullMarked
package stir.core.inversion.search;

import org.jspecify.annotations.NullMarked;
