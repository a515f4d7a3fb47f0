/** The results of a study: scores, similarities and differences, and their table. */
@NullMarked
package stir.core.study.results;

import org.jspecify.annotations.NullMarked;
