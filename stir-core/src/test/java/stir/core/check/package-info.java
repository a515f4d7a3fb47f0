/** Tests of the checks of exported networks. */
@NullMarked
package stir.core.check;

import org.jspecify.annotations.NullMarked;
