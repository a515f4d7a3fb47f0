/**
 * Studies on a Spark cluster whose machines share a file system. Spark's elements are the texts of
 * {@link stir.core.study.plan.Unit}s; placing, retrying and speculation are Spark's.
 */
@NullMarked
package stir.spark;

import org.jspecify.annotations.NullMarked;
