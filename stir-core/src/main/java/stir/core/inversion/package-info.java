/** The search for invariant inputs: its settings and its results. */
@NullMarked
package stir.core.inversion;

import org.jspecify.annotations.NullMarked;
