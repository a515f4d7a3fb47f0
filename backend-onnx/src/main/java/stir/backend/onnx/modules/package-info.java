/**
 * The PyTorch modules that a graph was exported from: which calls of which modules its nodes belong
 * to, and which tensor is a module's result.
 */
@NullMarked
package stir.backend.onnx.modules;

import org.jspecify.annotations.NullMarked;
