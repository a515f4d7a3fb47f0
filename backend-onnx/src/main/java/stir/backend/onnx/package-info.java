/**
 * The backend for ONNX models. ONNX Runtime's Java package only infers; gradients are computed by
 * graphs that {@code stir.backend.onnx.gradient} writes and ONNX Runtime runs.
 */
@NullMarked
package stir.backend.onnx;

import org.jspecify.annotations.NullMarked;
