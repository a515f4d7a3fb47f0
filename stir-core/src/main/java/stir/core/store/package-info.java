/** The rows of a search in a folder, from which the search can be resumed. */
@NullMarked
package stir.core.store;

import org.jspecify.annotations.NullMarked;
