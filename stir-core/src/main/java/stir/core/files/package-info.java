/** Files as a whole: their hashes, and how they are written whole or not at all. */
@NullMarked
package stir.core.files;

import org.jspecify.annotations.NullMarked;
