/** Open networks, caches and parts of scores, which the units of a study need. */
@NullMarked
package stir.core.study.run;

import org.jspecify.annotations.NullMarked;
