/** What a comparison of networks is made of, and how it is asked for. */
@NullMarked
package stir.core.score;

import org.jspecify.annotations.NullMarked;
