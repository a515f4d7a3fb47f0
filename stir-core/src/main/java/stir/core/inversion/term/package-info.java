/** Terms of objectives that come with Stir. */
@NullMarked
package stir.core.inversion.term;

import org.jspecify.annotations.NullMarked;
