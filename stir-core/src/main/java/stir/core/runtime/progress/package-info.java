/** The progress of long-running work. */
@NullMarked
package stir.core.runtime.progress;

import org.jspecify.annotations.NullMarked;
