/** A study as one page of HTML. */
@NullMarked
package stir.cli.page;

import org.jspecify.annotations.NullMarked;
