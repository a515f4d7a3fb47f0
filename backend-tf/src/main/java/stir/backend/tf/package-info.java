/**
 * TensorFlow: SavedModels and frozen graphs through TensorFlow Java.
 *
 * <p>A model's file ({@code stir.backend.tf.saved}) becomes one flat graph without function calls
 * ({@link stir.backend.tf.graph.GraphFlattener}); operations whose gradient TensorFlow's C++
 * library lacks or has wrong are replaced ({@link stir.backend.tf.rewrite.GradientRewrites}):
 * {@link stir.backend.tf.PreparedModel} is what comes of it. What a hook needs is cut out, {@code
 * Graph.addGradients} adds the way back to the input ({@link stir.backend.tf.HookGraph}), and
 * {@code stir.backend.tf.run} computes.
 */
@NullMarked
package stir.backend.tf;

import org.jspecify.annotations.NullMarked;
