/** How the units of a study's work are done. */
@NullMarked
package stir.core.study.unit;

import org.jspecify.annotations.NullMarked;
