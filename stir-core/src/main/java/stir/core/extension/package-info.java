/**
 * The backends, measures and terms that were found on the module or class path and in drop-in
 * folders.
 */
@NullMarked
package stir.core.extension;

import org.jspecify.annotations.NullMarked;
