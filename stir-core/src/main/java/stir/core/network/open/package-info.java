/** Opens models with the backend that recognises them. */
@NullMarked
package stir.core.network.open;

import org.jspecify.annotations.NullMarked;
