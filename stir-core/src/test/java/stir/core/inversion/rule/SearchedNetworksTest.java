package stir.core.inversion.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchedNetworksTest {
    @ParameterizedTest
    @CsvSource({
        "ReLU, true",
        "Relu, true",
        "relu, true",
        "Relu (classifier.relu1), true",
        "ReLU6, false",
        "LeakyRelu (relu), false",
        "Conv2d, false",
        "'', false"
    })
    void aReluIsKnownByTheFirstWordOfItsKind(String kind, boolean relu) {
        assertEquals(relu, SearchedNetworks.isRelu(kind));
    }
}
