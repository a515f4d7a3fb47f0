/** The execution of a study's units. */
@NullMarked
package stir.core.study.unit;

import org.jspecify.annotations.NullMarked;
