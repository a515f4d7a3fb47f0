/**
 * ONNX models as immutable values, read from and written to the protobuf wire format.
 *
 * <p>The messages and field numbers are those of ONNX's specification (<a
 * href="https://github.com/onnx/onnx/blob/main/docs/IR.md">Open Neural Network Exchange
 * Intermediate Representation</a>). Only the parts that a graph needs are kept: names, operators,
 * attributes, tensors, types and functions.
 */
@NullMarked
package stir.backend.onnx.graph;

import org.jspecify.annotations.NullMarked;
