/** Work in several threads, and its progress. */
@NullMarked
package stir.core.work;

import org.jspecify.annotations.NullMarked;
