/** Random numbers that depend on a key alone. */
@NullMarked
package stir.core.math.random;

import org.jspecify.annotations.NullMarked;
