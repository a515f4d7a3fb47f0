/**
 * The PyTorch modules that a graph was exported from: the calls that its nodes belong to, and the
 * tensors that are the modules' results.
 */
@NullMarked
package stir.backend.onnx.modules;

import org.jspecify.annotations.NullMarked;
