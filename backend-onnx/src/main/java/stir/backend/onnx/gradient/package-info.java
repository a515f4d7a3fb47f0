/**
 * Reverse-mode differentiation of ONNX graphs: writes, with standard ONNX operators, the graph that
 * computes the derivative with respect to an input.
 *
 * <p>{@link stir.backend.onnx.gradient.GradientRules} is the table of rules, one per operator. A
 * rule states, in terms of {@link stir.backend.onnx.gradient.Value}, the gradient of each input of
 * a node, given that of its output:
 *
 * <pre>{@code
 * rules.put("Tanh", GradientRule.ofFirst(node -> {
 *     var y = node.output(0);
 *     return node.gradient().times(y.square().oneMinus());
 * }));
 * }</pre>
 *
 * <p>Broadcasting is undone by {@link stir.backend.onnx.gradient.Backward#give}; a test compares
 * every rule of the table with finite differences.
 */
@NullMarked
package stir.backend.onnx.gradient;

import org.jspecify.annotations.NullMarked;
