/** A study as one page of HTML. */
@NullMarked
package stir.report;

import org.jspecify.annotations.NullMarked;
