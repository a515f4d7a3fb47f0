package stir.backend.onnx.modules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Graph;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/** Modules that are read from the marks of exporters, on chains of nodes built by the tests. */
class MarksTest {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private String last = "x";

    /** Adds the next node of a chain, as a trace names it. */
    private void traced(String operator, String scope, String... weight) {
        var inputs = new ArrayList<>(List.of(last));
        for (var name : weight) {
            inputs.add(name);
            weights.put(name, Tensor.floats(new float[] {1, name.length()}, 2));
        }
        var name = scope + "/" + operator;
        last = name + "_output_0";
        nodes.add(Node.of(operator, name, inputs, List.of(last), Map.of()));
    }

    /** Adds the next node of a chain, as a program marks it. */
    private void marked(String operator, String step, String takes, String... scopes) {
        var all = new ArrayList<>(List.of("''"));
        for (var scope : scopes) {
            all.add("'" + scope + "'");
        }
        all.add("'" + step + "'");
        var metadata = Map.of(
                "pkg.torch.onnx.name_scopes",
                all.toString(),
                "pkg.torch.onnx.fx_node",
                "%"
                        + step
                        + " : [num_users=1] = call_function[target=torch.ops.aten."
                        + step
                        + "](args = (%"
                        + takes
                        + ",), kwargs = {})");
        var node = Node.of(operator, "node_" + step, List.of(last), List.of(step), Map.of());
        nodes.add(node.withMetadata(metadata));
        last = step;
    }

    private ModulePaths paths() {
        return new ModulePaths(new Graph(
                nodes,
                weights,
                Map.of("x", TensorType.of(ElementType.FLOAT, -1, 2)),
                Map.of(last, TensorType.unranked(ElementType.FLOAT))));
    }

    private static Optional<String> tensor(ModulePaths paths, String name) {
        return paths.find(name).filter(place -> place.refusal().isEmpty()).map(ModulePaths.Place::tensor);
    }

    private static String refusal(ModulePaths paths, String name) {
        return paths.find(name).flatMap(ModulePaths.Place::refusal).orElse("none");
    }

    @Test
    void aNumberAfterANameIsThatOfALaterCall() {
        traced("Tanh", "/block/act");
        traced("Neg", "/block");
        traced("Tanh", "/block/act_1");
        traced("Neg", "");
        var paths = paths();
        assertEquals(Optional.of("/block/act/Tanh_output_0"), tensor(paths, "block.act#0"));
        assertEquals(Optional.of("/block/act_1/Tanh_output_0"), tensor(paths, "block.act"));
        assertEquals(Optional.of("/block/act_1/Tanh_output_0"), tensor(paths, "block.act#1"));
        assertEquals(Optional.of("/block/Neg_output_0"), tensor(paths, "block.act@in"));
        assertEquals(Optional.of("/block/act_1/Tanh_output_0"), tensor(paths, "block"));
    }

    @Test
    void aNumberAfterANameWithItsOwnWeightsIsThatOfAnotherModule() {
        traced("Mul", "/scale", "scale.weight");
        traced("Mul", "/scale_1", "scale_1.weight");
        traced("Neg", "");
        var paths = paths();
        assertEquals(Optional.of("/scale/Mul_output_0"), tensor(paths, "scale"));
        assertEquals(Optional.of("/scale_1/Mul_output_0"), tensor(paths, "scale_1"));
    }

    @Test
    void nextToSuchModulesANumberWithoutWeightsIsAmbiguous() {
        traced("Mul", "/scale", "scale.weight");
        traced("Relu", "/act");
        traced("Mul", "/scale_1", "scale_1.weight");
        traced("Relu", "/act_1");
        traced("Neg", "");
        var paths = paths();
        assertTrue(refusal(paths, "act").contains("does not identify the calls"));
        assertEquals(Optional.of("/scale_1/Mul_output_0"), tensor(paths, "scale_1"));
    }

    @Test
    void uncalledContainersAreFoundInTheNamesOfWeights() {
        traced("Mul", "/body/left/scale", "body.sides.left.scale.weight");
        traced("Relu", "/body/left/act");
        traced("Mul", "/body/layers.0/layers.0.1", "body.layers.0.1.weight");
        traced("Neg", "");
        var paths = paths();
        assertEquals(Optional.of("/body/left/act/Relu_output_0"), tensor(paths, "body.sides.left"));
        assertEquals(Optional.of("/body/left/act/Relu_output_0"), tensor(paths, "body.sides.left.act"));
        assertEquals(Optional.of("/body/layers.0/layers.0.1/Mul_output_0"), tensor(paths, "body.layers.0"));
    }

    @Test
    void aStepThatTakesAMissingValueRevealsAMerge() {
        marked("Tanh", "tanh", "x", "first");
        marked("Neg", "neg", "permute", "second"); // takes a value that no node computes
        marked("Relu", "relu", "clone", "third"); // a copy has the same values
        marked("Exp", "exp", "relu");
        var paths = paths();
        assertTrue(refusal(paths, "first").contains("may have merged"));
        assertTrue(refusal(paths, "second@in").contains("may have merged"));
        assertEquals(Optional.of("neg"), tensor(paths, "second"));
        assertEquals(Optional.of("neg"), tensor(paths, "third@in"));
    }

    @Test
    void runsOfOneModuleInAProgramAreItsCalls() {
        marked("Tanh", "tanh", "x", "block", "block.act");
        marked("Neg", "neg", "tanh", "block");
        marked("Tanh", "tanh_1", "neg", "block", "block.act");
        marked("Exp", "exp", "tanh_1");
        var paths = paths();
        assertEquals(Optional.of("tanh"), tensor(paths, "block.act#0"));
        assertEquals(Optional.of("tanh_1"), tensor(paths, "block.act"));
        assertEquals(Optional.of("tanh_1"), tensor(paths, "block"));
        assertEquals(List.of("block.act", "block"), paths.endingAt("tanh_1"));
    }

    private static void assertOnlyTheLastCallHasAName(String last, ModulePaths paths) {
        assertEquals(Optional.of(last), tensor(paths, "block"));
        for (var name : List.of("block#0", "block#1", "block#2", "block@in", "block#0@in")) {
            assertTrue(
                    refusal(paths, name).contains("does not separate the calls"), name + ": " + refusal(paths, name));
        }
    }

    @Test
    void callsInARowOfATraceHaveNoNumbers() {
        for (var call : List.of("", "_1", "_2")) {
            traced("Conv", "/block/c" + call, "block.c.weight");
            traced("Tanh", "/block/a" + call);
        }
        traced("Neg", "");
        var paths = paths();
        assertOnlyTheLastCallHasAName("/block/a_2/Tanh_output_0", paths);
        assertEquals(Optional.of("/block/c/Conv_output_0"), tensor(paths, "block.c#0"));
    }

    @Test
    void callsInARowWhoseWeightsAreCopiedHaveNoNumbers() {
        for (var call : List.of("", "_1", "_2")) {
            traced("MatMul", "/block/c" + call, "onnx::MatMul" + call);
            traced("Tanh", "/block/a" + call);
        }
        traced("Neg", "");
        weights.replaceAll((name, tensor) -> Tensor.floats(new float[] {1, 2}, 2));
        assertOnlyTheLastCallHasAName("/block/a_2/Tanh_output_0", paths());
    }

    /** A child at the beginning of a call has the number of its own call, not of the parent's. */
    @Test
    void callsInARowThatBeginWithAModuleWithinHaveNoNumbers() {
        for (var call : List.of("", "_1", "_2")) {
            traced("Conv", "/block/c" + call, "block.c.weight");
            traced("Tanh", "/block" + call);
        }
        traced("Neg", "");
        assertOnlyTheLastCallHasAName("/block_2/Tanh_output_0", paths());
    }

    @Test
    void aCopyOfAWeightIsTheSameWeight() {
        traced("MatMul", "/block/c", "onnx::MatMul_1");
        nodes.add(Node.of("Identity", "Identity_0", List.of("onnx::MatMul_1"), List.of("onnx::MatMul_2"), Map.of()));
        nodes.add(Node.of(
                "MatMul",
                "/block/c_1/MatMul",
                List.of(last, "onnx::MatMul_2"),
                List.of("/block/c_1/MatMul_output_0"),
                Map.of()));
        last = "/block/c_1/MatMul_output_0";
        traced("Neg", "");
        var paths = paths();
        assertEquals(Optional.of("/block/c/MatMul_output_0"), tensor(paths, "block.c#0"));
        assertEquals(Optional.of("/block/c_1/MatMul_output_0"), tensor(paths, "block.c"));
    }

    @Test
    void callsInARowOfAProgramHaveNoNumbers() {
        var step = "x";
        for (int call = 0; call < 3; call++) {
            marked("Conv", "conv_" + call, step, "block", "block.c");
            marked("Tanh", "tanh_" + call, "conv_" + call, "block", "block.a");
            step = "tanh_" + call;
        }
        marked("Exp", "exp", step);
        var paths = paths();
        assertOnlyTheLastCallHasAName("tanh_2", paths);
        assertEquals(Optional.of("conv_0"), tensor(paths, "block.c#0"));
    }

    @Test
    void aModuleThatRepeatsOneOfItsOwnHasANumber() {
        traced("Conv", "/block/c", "block.c.weight");
        traced("Relu", "/block/act");
        traced("Conv", "/block/d", "block.d.weight");
        traced("Relu", "/block/act_1");
        traced("Neg", "");
        var paths = paths();
        assertEquals(Optional.of("/block/act_1/Relu_output_0"), tensor(paths, "block#0"));
    }

    @Test
    void otherExportersLeaveNoModules() {
        nodes.add(Node.of("Tanh", "model/act/Tanh", List.of("x"), List.of("y:0"), Map.of()));
        last = "y:0";
        assertTrue(paths().names().isEmpty());
    }

    /** Segformer's stages end so: the tokens of the next stage undo the transposition. */
    @Test
    void aTranspositionWhoseShapeAloneIsReadWasTheResult() {
        traced("Tanh", "/stage");
        var untouched = last;
        traced("Transpose", "/stage");
        var result = last;
        traced("Shape", "");
        last = untouched;
        traced("Neg", "");
        assertEquals(
                "several tensors leave it; name one of %s, %s".formatted(untouched, result), refusal(paths(), "stage"));
    }
}
