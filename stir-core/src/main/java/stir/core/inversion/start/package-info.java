/** Where searches begin. */
@NullMarked
package stir.core.inversion.start;

import org.jspecify.annotations.NullMarked;
