/** Tests of studies on Spark. */
@NullMarked
package stir.spark;

import org.jspecify.annotations.NullMarked;
