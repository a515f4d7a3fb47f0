/** Experiments and their plans: values. */
@NullMarked
package stir.core.study.plan;

import org.jspecify.annotations.NullMarked;
