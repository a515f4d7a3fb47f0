/** The output of commands: text, JSON, pictures, progress. */
@NullMarked
package stir.cli.report;

import org.jspecify.annotations.NullMarked;
