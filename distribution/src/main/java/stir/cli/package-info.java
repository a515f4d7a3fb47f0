/** The entry point of the command line. */
@NullMarked
package stir.cli;

import org.jspecify.annotations.NullMarked;
