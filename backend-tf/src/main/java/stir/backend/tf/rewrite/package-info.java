/**
 * Rewrites flat graphs without changing what they compute, so that TensorFlow's C++ library finds
 * their gradients, and adds what a hook computes beyond the model: a fake ReLU, distances.
 */
@NullMarked
package stir.backend.tf.rewrite;

import org.jspecify.annotations.NullMarked;
