/**
 * Graphs of TensorFlow as values: functions unfolded into one flat graph, its operations' types and
 * tensors' shapes, and what edits them.
 */
@NullMarked
package stir.backend.tf.graph;

import org.jspecify.annotations.NullMarked;
