/** The results of a study: scores, similarities and differences, and the one table of them. */
@NullMarked
package stir.core.study.results;

import org.jspecify.annotations.NullMarked;
