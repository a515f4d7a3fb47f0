/**
 * The backend for ONNX models. ONNX Runtime's Java package supports only inference, so gradients
 * are computed by graphs that {@code stir.backend.onnx.gradient} builds and ONNX Runtime runs.
 */
@NullMarked
package stir.backend.onnx;

import org.jspecify.annotations.NullMarked;
