/** Finds backends and measures, each drop-in in a module layer of its own. */
@NullMarked
package stir.core.extension.load;

import org.jspecify.annotations.NullMarked;
