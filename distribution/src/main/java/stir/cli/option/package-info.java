/** The options that commands share. */
@NullMarked
package stir.cli.option;

import org.jspecify.annotations.NullMarked;
