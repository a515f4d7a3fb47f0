/** What networks make of inputs, as arrays for use elsewhere. */
@NullMarked
package stir.core.representation;

import org.jspecify.annotations.NullMarked;
