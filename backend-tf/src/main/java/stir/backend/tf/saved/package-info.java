/**
 * The content of a model's file or folder: its graph, its variables, and the names of its layers.
 */
@NullMarked
package stir.backend.tf.saved;

import org.jspecify.annotations.NullMarked;
