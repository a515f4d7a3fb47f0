/** Invariant inputs, scores, and the entry points that compute them. */
@NullMarked
package stir.core;

import org.jspecify.annotations.NullMarked;
