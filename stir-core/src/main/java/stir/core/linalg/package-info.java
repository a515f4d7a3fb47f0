/** Dense linear algebra in double precision for the similarity measures. */
@NullMarked
package stir.core.linalg;

import org.jspecify.annotations.NullMarked;
