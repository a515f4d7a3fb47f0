/** The search for invariant inputs: what is asked for, and what was found. */
@NullMarked
package stir.core.inversion;

import org.jspecify.annotations.NullMarked;
