/** The command line of Stir. */
@NullMarked
package stir.cli;

import org.jspecify.annotations.NullMarked;
