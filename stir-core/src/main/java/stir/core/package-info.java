/** Invariant inputs, scores, and what is needed to make them. */
@NullMarked
package stir.core;

import org.jspecify.annotations.NullMarked;
