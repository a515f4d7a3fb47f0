/** The commands and the set-up of their parser. */
@NullMarked
package stir.cli.command;

import org.jspecify.annotations.NullMarked;
