/**
 * Reverse-mode differentiation of ONNX graphs: writes, with standard ONNX operators, the graph that
 * computes the derivative by an input.
 *
 * <p>{@link stir.backend.onnx.gradient.GradientRules} is the table of rules, one for each operator.
 * A rule says, in terms of {@link stir.backend.onnx.gradient.Value}, what reaches each input of a
 * node when a gradient reaches its output:
 *
 * <pre>{@code
 * rules.put("Tanh", node -> {
 *     var y = node.output(0);
 *     node.give(0, () -> node.gradient().times(y.square().oneMinus()));
 * });
 * }</pre>
 *
 * <p>Broadcasting is undone by {@link stir.backend.onnx.gradient.Backward#give}; a test compares
 * every rule of the table with finite differences.
 */
@NullMarked
package stir.backend.onnx.gradient;

import org.jspecify.annotations.NullMarked;
