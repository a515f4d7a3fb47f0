/** The content of a model's file or folder: its graph, variables and names of layers. */
@NullMarked
package stir.backend.tf.saved;

import org.jspecify.annotations.NullMarked;
