/** How far long work has come. */
@NullMarked
package stir.core.progress;

import org.jspecify.annotations.NullMarked;
