/** Tests of what is found out about exported networks. */
@NullMarked
package stir.core.examination;

import org.jspecify.annotations.NullMarked;
