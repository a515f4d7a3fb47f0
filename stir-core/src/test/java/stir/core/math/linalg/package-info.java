@NullMarked
package stir.core.math.linalg;

import org.jspecify.annotations.NullMarked;
