/** Dense linear algebra in double precision for the similarity measures. */
@NullMarked
package stir.core.math.linalg;

import org.jspecify.annotations.NullMarked;
