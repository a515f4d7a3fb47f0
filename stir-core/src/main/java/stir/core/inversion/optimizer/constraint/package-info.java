/** The sets in which points stay, by projection after each step. */
@NullMarked
package stir.core.inversion.optimizer.constraint;

import org.jspecify.annotations.NullMarked;
