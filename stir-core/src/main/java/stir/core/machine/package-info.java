/** What computes: the version of Stir, and the machine. */
@NullMarked
package stir.core.machine;

import org.jspecify.annotations.NullMarked;
