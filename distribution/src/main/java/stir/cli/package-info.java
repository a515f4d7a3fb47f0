/** The commands and their options. */
@NullMarked
package stir.cli;

import org.jspecify.annotations.NullMarked;
