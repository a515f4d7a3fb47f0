package stir.backend.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import stir.api.FakeRelu;
import stir.api.support.GraphAnalysis;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** The operators that are allowed between a ReLU and a layer. */
class GraphAnalysisTest {
    private static Optional<String> relu(Graph graph, String tensor, FakeRelu wanted) {
        return new GraphAnalysis<>(new OnnxOperators(graph))
                .relu(tensor, wanted)
                .map(GraphAnalysis.OpenRelu::value);
    }

    private static Map<String, Float> passed(Graph graph, String tensor, FakeRelu wanted) {
        return new GraphAnalysis<>(new OnnxOperators(graph))
                .relu(tensor, wanted)
                .map(open -> Map.of(open.value(), open.share()))
                .orElse(Map.of());
    }

    /** The operators of a chain, whose last tensor is the layer. */
    @ParameterizedTest
    @CsvSource({
        "Conv Relu, true, true",
        "Relu Flatten, true, true",
        "Relu Reshape Identity Dropout, true, true",
        "Relu Transpose Squeeze Unsqueeze, true, true",
        "Relu MaxPool, false, true",
        "Relu Dropout GlobalAveragePool Flatten, false, true",
        "Relu ReduceMean, false, true",
        "Relu Gemm, false, false",
        "Relu LeakyRelu, false, false",
        "Flatten, false, false"
    })
    void theSelectedReluIsFound(String operators, boolean ofLayer, boolean beforeLayer) {
        var nodes = new ArrayList<Node>();
        var relu = Optional.<String>empty();
        var tensor = "x";
        for (var operator : operators.split(" ", -1)) {
            var output = operator + ":0";
            nodes.add(Node.of(operator, operator, List.of(tensor), List.of(output), Map.of()));
            relu = operator.equals("Relu") ? Optional.of(output) : relu;
            tensor = output;
        }
        var type = TensorType.unranked(ElementType.FLOAT);
        var graph = new Graph(nodes, Map.of(), Map.of("x", type), Map.of(tensor, type));
        assertEquals(Optional.empty(), relu(graph, tensor, FakeRelu.NONE));
        assertEquals(relu.filter(found -> ofLayer), relu(graph, tensor, FakeRelu.OF_LAYER));
        assertEquals(relu.filter(found -> beforeLayer), relu(graph, tensor, FakeRelu.BEFORE_LAYER));
        float share = ofLayer ? 1 : FakeRelu.LEAK;
        assertEquals(
                relu.filter(found -> beforeLayer)
                        .map(found -> Map.of(found, share))
                        .orElse(Map.of()),
                passed(graph, tensor, FakeRelu.LEAKY));
    }

    @ParameterizedTest
    @CsvSource({"0, true", "-1, false"})
    void aClipFromZeroLeaks(float low, boolean leaks) {
        var type = TensorType.unranked(ElementType.FLOAT);
        var clip = Node.of("Clip", "clip", List.of("x", "low", "high"), List.of("y"), Map.of());
        var pool = Node.of("GlobalAveragePool", "pool", List.of("y"), List.of("z"), Map.of());
        var limits = Map.of(
                "low", Tensor.floats(new float[] {low}),
                "high", Tensor.floats(new float[] {6}));
        var graph = new Graph(List.of(clip, pool), limits, Map.of("x", type), Map.of("z", type));
        assertEquals(leaks ? Map.of("y", FakeRelu.LEAK) : Map.of(), passed(graph, "z", FakeRelu.LEAKY));
        assertEquals(Map.of(), passed(graph, "z", FakeRelu.BEFORE_LAYER));
    }
}
