/** TensorFlow: SavedModel through TensorFlow Java. */
@NullMarked
package stir.backend.tf;

import org.jspecify.annotations.NullMarked;
