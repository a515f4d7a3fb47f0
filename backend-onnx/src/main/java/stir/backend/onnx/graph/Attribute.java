package stir.backend.onnx.graph;

import java.util.List;

/** An attribute of a node. */
public sealed interface Attribute {
    /** An integer of 64 bits. */
    record OfInt(long value) implements Attribute {}

    /** A number in single precision. */
    record OfFloat(float value) implements Attribute {}

    /** A string. */
    record OfText(String value) implements Attribute {}

    /** A constant tensor. */
    record OfTensor(Tensor value) implements Attribute {}

    /** A subgraph: a branch of {@code If}, or the body of {@code Loop} or {@code Scan}. */
    record OfGraph(Graph value) implements Attribute {}

    /** Integers. */
    record OfInts(List<Long> values) implements Attribute {
        /** Returns the integers as a vector. */
        public Tensor toTensor() {
            return Tensor.vector(values.stream().mapToLong(Long::longValue).toArray());
        }
    }

    /** Numbers in single precision. */
    record OfFloats(List<Float> values) implements Attribute {
        /** Returns the numbers as a vector. */
        public Tensor toTensor() {
            var array = new float[values.size()];
            for (int i = 0; i < array.length; i++) {
                array[i] = values.get(i);
            }
            return Tensor.floats(array, array.length);
        }
    }

    /** Strings. */
    record OfTexts(List<String> values) implements Attribute {}

    /** A reference, in a function's body, to an attribute of the call. */
    record Reference(String name) implements Attribute {}
}
