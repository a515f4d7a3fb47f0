/** The process around a command: its terminal, messages, exit codes and interruption. */
@NullMarked
package stir.cli.console;

import org.jspecify.annotations.NullMarked;
