/** Where a search keeps what it finds: in memory, or in a folder from which it can go on. */
@NullMarked
package stir.core.store;

import org.jspecify.annotations.NullMarked;
