/**
 * The backend for TensorFlow: SavedModels and frozen graphs through TensorFlow Java.
 *
 * <p>A model's file ({@code stir.backend.tf.saved}) becomes one flat graph without function calls
 * ({@link stir.backend.tf.graph.GraphFlattener}). Operations whose gradient in TensorFlow's C++
 * library is missing or wrong are replaced ({@link stir.backend.tf.rewrite.GradientRewrites}); the
 * result is a {@link stir.backend.tf.PreparedModel}. For a hook, the graph is cut, {@code
 * Graph.addGradients} adds the gradient with respect to the input ({@link
 * stir.backend.tf.HookGraph}), and {@code stir.backend.tf.run} computes.
 */
@NullMarked
package stir.backend.tf;

import org.jspecify.annotations.NullMarked;
