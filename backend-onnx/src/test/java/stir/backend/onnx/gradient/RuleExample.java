package stir.backend.onnx.gradient;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;
import stir.backend.onnx.graph.Node;
import stir.backend.onnx.graph.Tensor;
import stir.backend.onnx.graph.TensorType;

/**
 * A node to test.
 *
 * @param node the node, differentiated with respect to its input {@code x}
 * @param dims the dimensions of {@code x}
 * @param constants its other inputs
 * @param opset the version of the operators
 */
record RuleExample(Node node, List<Integer> dims, Map<String, Tensor> constants, int opset) {
    /** The name of the tested input. */
    static final String X = "x";

    @Override
    public String toString() {
        return node.kind() + node.inputs() + " " + dims + " " + node.attributes();
    }

    /** A builder of examples. */
    static final class Builder {
        private final String operator;
        private final int[] dims;
        private final List<String> inputs = new ArrayList<>();
        private final Map<String, Attribute> attributes = new LinkedHashMap<>();
        private final Map<String, Tensor> constants = new LinkedHashMap<>();
        private int outputs = 1;
        private int opset = 18;

        Builder(String operator, int... dims) {
            this.operator = operator;
            this.dims = dims;
        }

        Builder x() {
            inputs.add(X);
            return this;
        }

        Builder none() {
            inputs.add("");
            return this;
        }

        /** Adds a constant input of numbers away from 0, some of them negative. */
        Builder numbers(int... constantDims) {
            var values = new float[Dims.size(constantDims)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (Math.sin(3.7 * i + 1) + 1.3 * (i % 2 == 0 ? 1 : -1));
            }
            return constant(Tensor.floats(values, constantDims));
        }

        /** Adds a constant input of numbers between 1/2 and 3/2. */
        Builder positive(int... constantDims) {
            var values = new float[Dims.size(constantDims)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (1 + 0.5 * Math.sin(2.3 * i));
            }
            return constant(Tensor.floats(values, constantDims));
        }

        Builder scalar(double value) {
            return constant(Tensor.floats(new float[] {(float) value}));
        }

        Builder floats(float... values) {
            return constant(Tensor.floats(values, values.length));
        }

        Builder ints(int... values) {
            return constant(Tensor.longs(Dims.longs(values), values.length));
        }

        Builder indices(int[] indexDims, int... values) {
            return constant(Tensor.longs(Dims.longs(values), indexDims));
        }

        /** Adds a constant input of alternating booleans. */
        Builder mask(int... constantDims) {
            var data = ByteBuffer.allocate(Dims.size(constantDims));
            for (int i = 0; i < data.capacity(); i++) {
                data.put(i, (byte) (i % 3 == 0 ? 1 : 0));
            }
            return constant(Tensor.of(TensorType.of(ElementType.BOOL, constantDims), data));
        }

        private Builder constant(Tensor tensor) {
            var name = "c" + constants.size();
            constants.put(name, tensor);
            inputs.add(name);
            return this;
        }

        Builder with(String name, long value) {
            attributes.put(name, new Attribute.OfInt(value));
            return this;
        }

        Builder with(String name, double value) {
            attributes.put(name, new Attribute.OfFloat((float) value));
            return this;
        }

        Builder with(String name, String value) {
            attributes.put(name, new Attribute.OfText(value));
            return this;
        }

        Builder list(String name, int... values) {
            attributes.putAll(new AttributeBuilder().with(name, values).done());
            return this;
        }

        Builder outputs(int number) {
            outputs = number;
            return this;
        }

        Builder opset(int version) {
            opset = version;
            return this;
        }

        RuleExample build() {
            if (inputs.isEmpty()) {
                inputs.add(X);
            }
            var names = new ArrayList<String>();
            for (int i = 0; i < outputs; i++) {
                names.add("y" + i);
            }
            int colon = operator.indexOf(':');
            var node = new Node(
                    colon < 0 ? "" : operator.substring(0, colon),
                    operator.substring(colon + 1),
                    "tested",
                    inputs,
                    names,
                    attributes,
                    Map.of());
            var list = new ArrayList<Integer>();
            for (int dim : dims) {
                list.add(dim);
            }
            return new RuleExample(node, list, constants, opset);
        }
    }
}
