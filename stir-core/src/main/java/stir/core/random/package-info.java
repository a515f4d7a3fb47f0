/** Random numbers that depend on a key alone. */
@NullMarked
package stir.core.random;

import org.jspecify.annotations.NullMarked;
