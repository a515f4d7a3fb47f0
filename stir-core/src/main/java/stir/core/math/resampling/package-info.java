/** Resampling of images along an axis. */
@NullMarked
package stir.core.math.resampling;

import org.jspecify.annotations.NullMarked;
