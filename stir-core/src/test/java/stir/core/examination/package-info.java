/** Tests of the checks of exported networks. */
@NullMarked
package stir.core.examination;

import org.jspecify.annotations.NullMarked;
