/** The computation of scores from representations. */
@NullMarked
package stir.core.score.compute;

import org.jspecify.annotations.NullMarked;
