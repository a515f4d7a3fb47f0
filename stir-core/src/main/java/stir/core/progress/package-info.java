/** The progress of long-running work. */
@NullMarked
package stir.core.progress;

import org.jspecify.annotations.NullMarked;
