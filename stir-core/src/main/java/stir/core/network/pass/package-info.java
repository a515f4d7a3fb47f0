/** Passes through a network that is cut at a layer, from pixels and back to them. */
@NullMarked
package stir.core.network.pass;

import org.jspecify.annotations.NullMarked;
