/**
 * TensorFlow's graphs as values: functions inlined into one flat graph, types of operations, shapes
 * of tensors, and an editor.
 */
@NullMarked
package stir.backend.tf.graph;

import org.jspecify.annotations.NullMarked;
