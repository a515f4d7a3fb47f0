/**
 * TensorFlow's native library: how it is loaded, on which devices it computes, and graphs, tensors
 * and runs of it, each with one owner.
 */
@NullMarked
package stir.backend.tf.run;

import org.jspecify.annotations.NullMarked;
