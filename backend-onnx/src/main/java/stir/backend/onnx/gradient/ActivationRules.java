package stir.backend.onnx.gradient;

import static stir.backend.onnx.gradient.GradientRule.ofFirst;

import java.util.List;
import java.util.Map;

/** Gradients of unary operators that work element by element. */
final class ActivationRules {
    private static final float SELU_ALPHA = 1.6732632f;
    private static final float SELU_GAMMA = 1.050701f;

    private ActivationRules() {}

    /** The element-wise derivative of an output with respect to the input. */
    private interface Derivative {
        Value of(Value x, Value y, Backward node);
    }

    private static GradientRule unary(Derivative derivative) {
        return ofFirst(node -> node.gradient().times(derivative.of(node.input(0), node.output(0), node)));
    }

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Relu", unary((x, y, node) -> positive(y)));
        rules.put(
                "LeakyRelu",
                unary((x, y, node) -> x.isGreater(0).choose(1, node.node().real("alpha", 0.01f))));
        rules.put("PRelu", unary((x, y, node) -> {
            if (node.wants(1)) {
                throw node.refuse("its slope depends on the model's input");
            }
            return x.isGreater(0).choose(node.tape().scalar(1), node.input(1));
        }));
        rules.put(
                "ThresholdedRelu",
                unary((x, y, node) -> x.isGreater(node.node().real("alpha", 1)).choose(1, 0)));
        rules.put("Elu", unary((x, y, node) -> elu(x, y, node, node.node().real("alpha", 1), 1)));
        rules.put("Selu", unary((x, y, node) -> {
            float gamma = node.node().real("gamma", SELU_GAMMA);
            float alpha = node.node().real("alpha", SELU_ALPHA);
            return elu(x, y, node, alpha * gamma, gamma);
        }));
        rules.put("Celu", unary((x, y, node) -> {
            float alpha = node.node().real("alpha", 1);
            var left = y.times(1 / alpha).plus(1);
            return x.isGreater(0).choose(node.tape().scalar(1), left);
        }));
        rules.put("Sigmoid", unary((x, y, node) -> y.times(y.oneMinus())));
        rules.put("Tanh", unary((x, y, node) -> y.square().oneMinus()));
        rules.put("Softplus", unary((x, y, node) -> x.apply("Sigmoid")));
        rules.put(
                "Shrink",
                unary((x, y, node) -> x.apply("Abs")
                        .isGreater(node.node().real("lambd", 0.5f))
                        .choose(1, 0)));
        rules.put(
                "Softsign",
                unary((x, y, node) -> x.apply("Abs").plus(1).square().apply("Reciprocal")));
        rules.put(
                "HardSigmoid",
                unary((x, y, node) ->
                        positive(y.times(y.oneMinus())).times(node.node().real("alpha", 0.2f))));
        rules.put("Swish", unary((x, y, node) -> swish(x, node.node().real("alpha", 1))));
        rules.put("HardSwish", unary((x, y, node) -> hardSwish(x, node)));
        rules.put("Mish", unary((x, y, node) -> mish(x)));
        rules.put("Erf", unary((x, y, node) -> gauss(x, 1).times(2 / Math.sqrt(Math.PI))));
        rules.put("Gelu", unary((x, y, node) -> gelu(x, node.node().text("approximate", "none"))));
        rules.put("com.microsoft:Gelu", unary((x, y, node) -> gelu(x, "none")));
        rules.put("Clip", ofFirst(ActivationRules::clip));
        rules.put("Exp", unary((x, y, node) -> y));
        rules.put("Log", unary((x, y, node) -> x.apply("Reciprocal")));
        rules.put("Sqrt", unary((x, y, node) -> y.times(2).apply("Reciprocal")));
        rules.put("Reciprocal", unary((x, y, node) -> y.square().negative()));
        rules.put("Neg", ofFirst(node -> node.gradient().negative()));
        rules.put("Abs", unary((x, y, node) -> x.apply("Sign")));
        rules.put("Sin", unary((x, y, node) -> x.apply("Cos")));
        rules.put("Cos", unary((x, y, node) -> x.apply("Sin").negative()));
        rules.put("Tan", unary((x, y, node) -> y.square().plus(1)));
        rules.put("Sinh", unary((x, y, node) -> x.apply("Cosh")));
        rules.put("Cosh", unary((x, y, node) -> x.apply("Sinh")));
        rules.put("Asin", unary((x, y, node) -> y.apply("Cos").apply("Reciprocal")));
        rules.put(
                "Acos", unary((x, y, node) -> y.apply("Sin").apply("Reciprocal").negative()));
        rules.put("Atan", unary((x, y, node) -> x.square().plus(1).apply("Reciprocal")));
        rules.put("Asinh", unary((x, y, node) -> y.apply("Cosh").apply("Reciprocal")));
        rules.put("Acosh", unary((x, y, node) -> y.apply("Sinh").apply("Reciprocal")));
        rules.put("Atanh", unary((x, y, node) -> x.square().oneMinus().apply("Reciprocal")));
        rules.put("Identity", ofFirst(Backward::gradient));
        rules.put("Dropout", ofFirst(Backward::gradient));
        rules.put("Cast", ActivationRules::cast);
        rules.put("CastLike", ActivationRules::cast);
    }

    /**
     * Returns 1 where a number is positive, and 0 elsewhere. Callers pass outputs, not inputs, so
     * that the runtime still fuses the operator into the preceding one. A clipped line of maximum
     * slope takes the place of {@code Sign}, which the runtime does not vectorise.
     */
    private static Value positive(Value y) {
        var steep = new AttributeBuilder().with("alpha", Float.MAX_VALUE).with("beta", 0f);
        return y.tape().emit("HardSigmoid", List.of(y), steep.done(), y.dims());
    }

    private static Value elu(Value x, Value y, Backward node, double offset, double right) {
        return x.isGreater(0).choose(node.tape().scalar(right), y.plus(offset));
    }

    /** Returns the derivative of x clip(x / 6 + 1/2, 0, 1). */
    private static Value hardSwish(Value x, Backward node) {
        var line = x.times(1.0 / 6).plus(0.5);
        var inside = line.isGreater(0).and(line.isLess(1)).mask(x.times(1.0 / 3).plus(0.5));
        return line.isLess(1).choose(inside, node.tape().scalar(1));
    }

    /** Returns the derivative of x sigmoid(alpha x). */
    private static Value swish(Value x, double alpha) {
        var sigmoid = x.times(alpha).apply("Sigmoid");
        return sigmoid.times(x.times(alpha).times(sigmoid.oneMinus()).plus(1));
    }

    private static Value mish(Value x) {
        var tanh = x.apply("Softplus").apply("Tanh");
        var inner = x.times(x.apply("Sigmoid")).times(tanh.square().oneMinus());
        return tanh.plus(inner);
    }

    private static Value gauss(Value x, double scale) {
        return x.square().times(-scale).apply("Exp");
    }

    private static Value gelu(Value x, String approximation) {
        if (approximation.equals("tanh")) {
            double c = Math.sqrt(2 / Math.PI);
            double cubic = 0.044715;
            var square = x.square();
            var tanh = x.times(c).times(square.times(cubic).plus(1)).apply("Tanh");
            var inner = square.times(3 * cubic * c).plus(c).times(tanh.square().oneMinus());
            return tanh.plus(1).plus(x.times(inner)).times(0.5);
        }
        var cumulative = x.times(Math.sqrt(0.5)).apply("Erf").plus(1).times(0.5);
        return cumulative.plus(x.times(gauss(x, 0.5)).times(1 / Math.sqrt(2 * Math.PI)));
    }

    /**
     * Propagates through {@code Clip}. Like {@link #positive}, the rule reads the output, so that
     * the runtime still fuses the operator into the preceding one. A value at a limit does not pass
     * the gradient, as in PyTorch's {@code hardtanh} and {@code relu6}.
     */
    private static Value clip(Backward node) {
        var y = node.output(0);
        if (node.has(1) && node.has(2)) {
            var above = isZero(node.input(1)) ? y : y.minus(node.input(1));
            var below = node.input(2).minus(y);
            return node.gradient().times(positive(above.times(below)));
        } else if (node.has(1)) {
            return node.gradient().times(positive(y.minus(node.input(1))));
        } else if (node.has(2)) {
            return node.gradient().times(positive(node.input(2).minus(y)));
        }
        return node.gradient();
    }

    private static boolean isZero(Value value) {
        return value.constant()
                .filter(c -> c.size() == 1 && c.toFloats()[0] == 0)
                .isPresent();
    }

    private static void cast(Backward node) {
        var from = node.input(0).type();
        if (!from.isReal() || !node.output(0).type().isReal()) {
            throw node.refuse("it converts real numbers to another type");
        }
        node.give(0, () -> node.gradient().cast(from));
    }
}
