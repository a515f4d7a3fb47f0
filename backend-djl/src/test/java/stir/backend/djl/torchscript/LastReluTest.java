package stir.backend.djl.torchscript;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.FakeRelu;
import stir.api.SideInputs;
import stir.backend.djl.libtorch.Pickle;

/** The functions that are allowed between a ReLU and a layer. */
class LastReluTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "torch.relu(x); true; true; true; true",
                "torch.relu_(torch.sub(x, 1)); true; true; true; true",
                "torch.flatten(torch.relu(x), 1); true; true; true; true",
                "torch.dropout(torch.view(torch.relu(x), [-1, 8]), 0.5, False); true; true; true; true",
                "__torch__.torch.nn.functional.dropout2d(torch.relu(x), 0.5); true; true; true; true",
                "torch.permute(torch.relu(x), [0, 2, 3, 1]); true; true; true; true",
                "torch.max_pool2d(torch.relu(x), [2, 2]); false; true; true; false",
                "torch.flatten(torch.adaptive_avg_pool2d(torch.relu(x), [1, 1]), 1); false; true; true; true",
                "torch.mean(torch.dropout(torch.relu(x), 0.5, False), [2, 3]); false; true; true; true",
                "torch.add(torch.relu(x), 1); false; false; false; false",
                "torch.relu6(x); false; false; true; false",
                "torch.mean(torch.hardtanh(x, 0., 6.), [2, 3]); false; false; true; true",
                "__torch__.torch.nn.functional.hardtanh_(x, 0., 1., False); false; false; true; false",
                "torch.hardtanh(x, -1., 1.); false; false; false; false",
                "torch.flatten(x, 1); false; false; false; false",
                "torch.mean(torch.relu6(x), [-1, -2], True); false; false; true; true",
                "torch.adaptive_avg_pool2d(torch.relu(x), [2, 2]); false; true; true; false",
                "torch.mean(torch.permute(torch.relu(x), [0, 2, 3, 1]), [1, 2]); false; true; true; false",
            })
    void isTheSelectedRelu(String value, boolean ofLayer, boolean beforeLayer, boolean leaky, boolean extended) {
        assertEquals(false, isFound(value, FakeRelu.NONE));
        assertEquals(ofLayer, isFound(value, FakeRelu.OF_LAYER));
        assertEquals(beforeLayer, isFound(value, FakeRelu.BEFORE_LAYER));
        assertEquals(leaky, isFound(value, FakeRelu.LEAKY));
        assertEquals(extended, isFound(value, FakeRelu.EXTENDED));
    }

    /** Returns whether the ReLU is found in a network with a variable of the value. */
    private static boolean isFound(String value, FakeRelu wanted) {
        var source = """
                class Net(Module):
                  __parameters__ = []
                  __buffers__ = []
                  def forward(self: __torch__.Net,
                    x: Tensor) -> Tensor:
                    layer = %s
                    return torch.neg(layer)
                """.formatted(value);
        var object = new Pickle.Instance("__torch__.Net", Map.of());
        var network = ScriptNetwork.of(Map.of("__torch__.py", source), object, "x.pt", SideInputs.NONE);
        return network.hook(":layer", wanted).fakeRelu();
    }
}
