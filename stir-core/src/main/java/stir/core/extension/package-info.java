/** The backends, measures and terms on the module or class path and in drop-in folders. */
@NullMarked
package stir.core.extension;

import org.jspecify.annotations.NullMarked;
