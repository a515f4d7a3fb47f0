/** Files: hashes, JSON and CSV, locks on folders and atomic writing. */
@NullMarked
package stir.core.io.files;

import org.jspecify.annotations.NullMarked;
