/**
 * Rewrites that preserve a graph's results: inlining of functions and constant control flow,
 * conversion of old operators to one version and of other precisions to single precision, and
 * evaluation of all that is constant for a fixed input shape.
 */
@NullMarked
package stir.backend.onnx.rewrite;

import org.jspecify.annotations.NullMarked;
