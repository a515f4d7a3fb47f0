/** Searches for invariant inputs. */
@NullMarked
package stir.core.inversion.search;

import org.jspecify.annotations.NullMarked;
