/** Studies: many networks, layers and searches compared in one run that can be resumed. */
@NullMarked
package stir.core.study;

import org.jspecify.annotations.NullMarked;
