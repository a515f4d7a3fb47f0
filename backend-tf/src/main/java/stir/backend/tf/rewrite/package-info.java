/**
 * Rewrites of flat graphs that preserve their results and give them gradients in TensorFlow's C++
 * library, and additions for hooks: a fake ReLU, distances.
 */
@NullMarked
package stir.backend.tf.rewrite;

import org.jspecify.annotations.NullMarked;
