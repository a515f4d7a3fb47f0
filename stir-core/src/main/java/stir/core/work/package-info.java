/** Work in several threads, and how far it has come. */
@NullMarked
package stir.core.work;

import org.jspecify.annotations.NullMarked;
