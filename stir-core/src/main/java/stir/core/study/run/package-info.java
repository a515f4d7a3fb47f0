/** The execution of a study's units. */
@NullMarked
package stir.core.study.run;

import org.jspecify.annotations.NullMarked;
