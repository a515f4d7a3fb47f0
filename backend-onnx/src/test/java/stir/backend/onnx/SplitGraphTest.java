package stir.backend.onnx;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import stir.api.Batch;
import stir.api.Device;
import stir.api.FakeRelu;
import stir.api.HookOptions;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.api.SideInputs;
import stir.api.contract.Numerical;
import stir.backend.onnx.gradient.PassGraph;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.OnnxModel;
import stir.backend.onnx.graph.TensorType;
import stir.backend.onnx.rewrite.OpsetRaiser;

/** A pass whose cotangents depend on the representation runs forward once. */
@Numerical
class SplitGraphTest {
    private static Batch noise(int rows, Shape shape, long seed) {
        var random = new Random(seed);
        var batch = Batch.allocate(rows, shape);
        for (int i = 0; i < rows * batch.rowSize(); i++) {
            batch.buffer().put(i, random.nextFloat());
        }
        return batch;
    }

    /** At the first layers, in the middle, before and after views, and with fake ReLU. */
    @ParameterizedTest
    @CsvSource({
        "resnet0, '', BEFORE_LAYER",
        "resnet0, '', NONE",
        "vgg0, '', BEFORE_LAYER",
        "vgg0, /features/conv1_2/Conv_output_0, NONE",
        "vit0, '', NONE",
        "vit0, /blocks/blocks.0/Add_output_0, NONE",
    })
    void pullsBackTheRulesCotangents(String name, String layer, FakeRelu fakeRelu) {
        try (var model = Fixtures.open(name);
                var hook = model.hook(
                        layer.isEmpty() ? model.defaultLayer().orElseThrow() : layer, Fixtures.digits(fakeRelu))) {
            assertPullsBack(hook, 5, Fixtures.DIGIT);
        }
    }

    @ParameterizedTest
    @CsvSource({"fixed2", "half", "script9", "dynamo"})
    void doesSoForAnyNumberOfRowsOrTheFixedOne(String name) {
        try (var model = new OnnxBackendProvider().open(Fixtures.variant(name), Fixtures.options(1));
                var hook = model.hook(model.defaultLayer().orElseThrow(), new HookOptions(Fixtures.VARIANT))) {
            for (int rows : hook.batch().isPresent() ? new int[] {2} : new int[] {5, 4, 1}) {
                assertPullsBack(hook, rows, Fixtures.VARIANT);
            }
        }
    }

    private static void assertPullsBack(LayerHook hook, int rows, Shape shape) {
        var inputs = noise(rows, shape, 1);
        var targets = noise(rows, hook.layer().shape(), 2);
        var expectedRepresentations = Batch.allocate(rows, hook.layer().shape());
        var expected = Batch.allocate(rows, shape);
        hook.represent(inputs, expectedRepresentations);
        var cotangents = Batch.allocate(rows, hook.layer().shape());
        Norm.L2.derivatives(expectedRepresentations, targets, new double[rows], cotangents);
        hook.pullback(inputs, cotangents, expected);

        var calls = new ArrayList<Integer>();
        var representations = Batch.allocate(rows, hook.layer().shape());
        var gradients = Batch.allocate(rows, shape);
        hook.pullback(
                inputs,
                (found, chosen) -> {
                    calls.add(found.rows());
                    Norm.L2.derivatives(found, targets, new double[rows], chosen);
                },
                representations,
                gradients);
        assertEquals(List.of(rows), calls);
        assertClose(expectedRepresentations, representations);
        assertClose(expected, gradients);
    }

    private static void assertClose(Batch expected, Batch found) {
        double error = Fixtures.relativeError(expected.toArray(), found.toArray());
        assertTrue(error < 1e-5, "relative error " + error);
    }

    @ParameterizedTest
    @CsvSource({"resnet0, Conv", "vgg0, MaxPool", "vit0, Softmax"})
    void theBackwardGraphRepeatsNothingOfTheForwardGraph(String name, String operator) {
        var graphs = passes(name).split();
        var ahead = names(graphs.forward().graph().nodes());
        var again = graphs.backward().graph().nodes();
        var repeated =
                again.stream().filter(node -> ahead.contains(node.output(0))).toList();
        assertTrue(repeated.stream().allMatch(node -> node.is("Reshape", "Flatten")), repeated.toString());
        assertTrue(graphs.forward().graph().nodes().stream().anyMatch(node -> node.is(operator)));
        assertTrue(again.stream().noneMatch(node -> node.is("MaxPool", "Softmax")));
    }

    private static Set<String> names(List<Node> nodes) {
        return nodes.stream().map(node -> node.output(0)).collect(Collectors.toSet());
    }

    /** Every saved tensor is computed by the forward graph and used by the backward graph. */
    @Test
    void everySavedTensorIsUsed() {
        var graphs = passes("vit0").split();
        var read = new HashSet<String>();
        graphs.backward().graph().nodes().forEach(node -> node.reads().forEach(read::add));
        assertTrue(read.containsAll(graphs.saved()), graphs.saved().toString());
        assertTrue(graphs.forward().graph().outputs().keySet().containsAll(graphs.saved()));
        assertTrue(!graphs.saved().isEmpty());
    }

    /** As on a GPU, where the saved tensors would cross the bus twice. */
    @ParameterizedTest
    @ValueSource(strings = {"resnet0", "vgg0", "vit0"})
    void aForwardPassThatRunsTwiceGivesTheSame(String name) {
        var graph = passes(name);
        var input = graph.forward().graph().inputs().keySet().iterator().next();
        var environment = RuntimeLibrary.load(Fixtures.cache());
        var sessions = new Sessions(environment, Device.CPU, 1, Path.of("graph.onnx"));
        var inputs = Map.of(input, noise(3, Fixtures.DIGIT, 1));
        var outputs = graph.forward().graph().outputs();
        var width = requireNonNull(outputs.get(PassGraph.REPRESENTATION)).toLongs();
        var layer = Shape.of(
                Arrays.stream(width).skip(1).mapToInt(size -> (int) size).toArray());
        var found = new ArrayList<Batch>();
        for (boolean twice : new boolean[] {false, true}) {
            try (var programs = new Programs(sessions, rows -> graph, twice)) {
                var representations = Batch.allocate(3, layer);
                var gradients = Batch.allocate(3, Fixtures.DIGIT);
                programs.run(
                        inputs,
                        (values, cotangents) -> cotangents.buffer().put(0, values.toArray()),
                        representations,
                        Batch.allocate(3, layer),
                        gradients);
                found.addAll(List.of(representations, gradients));
            }
        }
        assertClose(found.get(0), found.get(2));
        assertClose(found.get(1), found.get(3));
        assertTrue(found.get(1).get(0, 0) != 0);
    }

    private static PassGraph passes(String name) {
        OrtEnvironment environment = RuntimeLibrary.load(Fixtures.cache());
        var file = Fixtures.model(name);
        var sessions = new Sessions(environment, Device.CPU, 1, Path.of("graph.onnx"));
        OnnxModel model = OpsetRaiser.raise(OnnxFile.read(file));
        var tensor = new OnnxOperators(model.graph()).measured().orElseThrow().value();
        var part = model.graph().cut(Map.of(tensor, TensorType.unranked(ElementType.FLOAT)));
        var sides = new Sides(SideInputs.NONE);
        var network = new CutModel(file, sessions, model.with(part), sides, Fixtures.DIGIT);
        return new PassGraph(network.simplify(3), Map.of());
    }
}
