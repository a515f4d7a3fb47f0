/** The uncertainty of scores, floors and ceilings, and tests of differences. */
@NullMarked
package stir.core.math.statistics;

import org.jspecify.annotations.NullMarked;
