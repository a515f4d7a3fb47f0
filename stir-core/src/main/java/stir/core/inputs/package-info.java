/** The inputs on which networks are compared: images and vectors with values in [0,1]. */
@NullMarked
package stir.core.inputs;

import org.jspecify.annotations.NullMarked;
