/** ONNX: ONNX through ONNX Runtime. */
@NullMarked
package stir.backend.onnx;

import org.jspecify.annotations.NullMarked;
