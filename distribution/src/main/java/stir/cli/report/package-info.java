/** What commands show and save: text, JSON, pictures, progress. */
@NullMarked
package stir.cli.report;

import org.jspecify.annotations.NullMarked;
