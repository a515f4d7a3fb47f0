/** The results and settings of a comparison of networks. */
@NullMarked
package stir.core.score;

import org.jspecify.annotations.NullMarked;
