/** The built-in terms of objectives. */
@NullMarked
package stir.core.inversion.term;

import org.jspecify.annotations.NullMarked;
