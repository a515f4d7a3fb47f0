/**
 * Rewrites graphs without changing what they compute: functions and constant control flow unfolded,
 * old operators raised to one version, half precision replaced by single precision, and everything
 * that is constant once the input's shape is known computed beforehand.
 */
@NullMarked
package stir.backend.onnx.rewrite;

import org.jspecify.annotations.NullMarked;
