@NullMarked
package stir.core.statistics;

import org.jspecify.annotations.NullMarked;
