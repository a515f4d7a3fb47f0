/** Work in several threads, and its progress. */
@NullMarked
package stir.core.runtime.work;

import org.jspecify.annotations.NullMarked;
