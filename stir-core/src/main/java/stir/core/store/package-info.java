/** Stores of a search's rows: in memory, or in a folder from which the search can be resumed. */
@NullMarked
package stir.core.store;

import org.jspecify.annotations.NullMarked;
