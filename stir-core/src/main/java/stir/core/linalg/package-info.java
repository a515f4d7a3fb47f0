/** Dense linear algebra in double precision, as far as the similarity measures need it. */
@NullMarked
package stir.core.linalg;

import org.jspecify.annotations.NullMarked;
