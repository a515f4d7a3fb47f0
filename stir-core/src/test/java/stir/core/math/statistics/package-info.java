@NullMarked
package stir.core.math.statistics;

import org.jspecify.annotations.NullMarked;
