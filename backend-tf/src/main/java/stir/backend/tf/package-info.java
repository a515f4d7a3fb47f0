/**
 * TensorFlow: SavedModels and frozen graphs through TensorFlow Java.
 *
 * <p>A model becomes one flat graph without function calls ({@link
 * stir.backend.tf.GraphFlattener}); operations whose gradient TensorFlow's C++ library lacks or has
 * wrong are replaced ({@link stir.backend.tf.GradientRewrites}); what a hook needs is cut out, and
 * {@code Graph.addGradients} adds the way back to the input ({@link stir.backend.tf.HookGraph}).
 */
@NullMarked
package stir.backend.tf;

import org.jspecify.annotations.NullMarked;
