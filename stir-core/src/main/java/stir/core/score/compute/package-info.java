/** Turns representations into scores. */
@NullMarked
package stir.core.score.compute;

import org.jspecify.annotations.NullMarked;
