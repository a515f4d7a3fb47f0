package stir.backend.onnx.gradient;

import java.util.Map;

/**
 * Gradients of element-wise operators of several tensors; {@link Backward#give} sums over broadcast
 * axes.
 */
final class ArithmeticRules {
    private ArithmeticRules() {}

    static void addTo(Map<String, GradientRule> rules) {
        rules.put("Add", node -> toAll(node, 1));
        rules.put("Sum", node -> toAll(node, 1));
        rules.put("Mean", node -> toAll(node, 1.0 / node.node().inputs().size()));
        rules.put("Sub", node -> {
            node.give(0, node::gradient);
            node.give(1, () -> node.gradient().sumTo(node.input(1).dims()).negative());
        });
        rules.put("Mul", node -> {
            node.give(0, () -> node.gradient().times(node.input(1)));
            node.give(1, () -> node.gradient().times(node.input(0)));
        });
        rules.put("Div", node -> {
            node.give(0, () -> node.gradient().over(node.input(1)));
            node.give(
                    1,
                    () -> node.gradient()
                            .times(node.output(0))
                            .over(node.input(1))
                            .negative());
        });
        rules.put("Pow", ArithmeticRules::power);
        rules.put("Max", ArithmeticRules::extreme);
        rules.put("Min", ArithmeticRules::extreme);
        rules.put("Where", node -> {
            var zero = node.tape().scalar(0);
            node.give(1, () -> node.input(0).choose(node.gradient(), zero));
            node.give(2, () -> node.input(0).choose(zero, node.gradient()));
        });
    }

    private static void toAll(Backward node, double factor) {
        for (int i = 0; i < node.node().inputs().size(); i++) {
            node.give(i, () -> node.gradient().times(factor));
        }
    }

    private static void power(Backward node) {
        var base = node.input(0);
        node.give(0, () -> {
            var exponent = node.input(1);
            var constant = exponent.constant()
                    .filter(c -> c.size() == 1 && c.type().type().isReal());
            if (constant.isPresent()) {
                double p = constant.get().toFloats()[0];
                return node.gradient().times(base.power(p - 1).times(p));
            }
            var p = exponent.cast(base.type());
            return node.gradient().times(p).times(base.power(p.plus(-1)));
        });
        node.give(1, () -> node.gradient().times(node.output(0)).times(base.apply("Log")));
    }

    /**
     * Passes the gradient of a minimum or maximum to the inputs that attain it, in equal shares.
     */
    private static void extreme(Backward node) {
        int inputs = node.node().inputs().size();
        var ones = new Value[inputs];
        for (int i = 0; i < inputs; i++) {
            ones[i] = node.input(i).isEqual(node.output(0)).mask(node.tape().scalar(1));
        }
        var count = ones[0];
        for (int i = 1; i < inputs; i++) {
            count = count.plus(ones[i]);
        }
        var share = node.gradient().over(count);
        for (int i = 0; i < inputs; i++) {
            var one = ones[i];
            node.give(i, () -> share.times(one));
        }
    }
}
