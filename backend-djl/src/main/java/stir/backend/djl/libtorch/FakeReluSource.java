package stir.backend.djl.libtorch;

import java.util.Optional;
import stir.api.FakeRelu;

/** The source of a method that replaces a ReLU and passes gradients where the ReLU blocks them. */
public final class FakeReluSource {
    /** The method's name. */
    public static final String NAME = "_stir_fake_relu";

    private FakeReluSource() {}

    /**
     * Returns the source of the method.
     *
     * @param self the type of the object that it belongs to
     * @param share the share of the gradients that it passes
     * @param activation the ReLU of x
     * @param dimensions the dimensions of the mean that reads it, if it passes its largest input
     */
    public static String method(String self, float share, String activation, Optional<String> dimensions) {
        var body = dimensions
                .map(all -> extended(activation, all))
                .orElseGet(() -> share == 1 ? open() : leaking(activation));
        return "  def %s(self: %s, x: Tensor) -> Tensor:\n%s".formatted(NAME, self, body);
    }

    /**
     * Returns the fake ReLU. It is exact: a positive x adds 0 to itself, and otherwise the rounded
     * sum of -x and x is 0.
     */
    private static String open() {
        return """
            difference = torch.sub(torch.relu(x), x)
            return torch.add(x, torch.detach(difference))
        """;
    }

    /**
     * Returns a ReLU that leaks. It is exact, since each bracket is 0; their gradients are 1 and
     * that of the ReLU.
     */
    private static String leaking(String activation) {
        return """
            value = %s
            passed = torch.sub(x, torch.detach(x))
            known = torch.sub(value, torch.detach(value))
            return torch.add(value, torch.mul(torch.sub(passed, known), %s))
        """.formatted(activation, FakeRelu.LEAK);
    }

    /** Returns a ReLU that passes the largest input where all are at most 0. */
    private static String extended(String activation, String dimensions) {
        return """
            largest = torch.amax(x, %s, True)
            passed = torch.logical_and(torch.le(largest, 0), torch.eq(x, largest))
            return torch.where(passed, x, %s)
        """.formatted(dimensions, activation);
    }
}
