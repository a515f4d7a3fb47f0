/** Facts about the process and the machine: the version of Stir, memory, host name. */
@NullMarked
package stir.core.runtime.machine;

import org.jspecify.annotations.NullMarked;
