package stir.backend.onnx.gradient;

import static stir.backend.onnx.graph.ElementType.BOOL;

import stir.backend.onnx.graph.Attribute;
import stir.backend.onnx.graph.ElementType;

import java.util.List;
import java.util.Map;

/** The element-wise operations of {@link Value}, with broadcasting. */
abstract sealed class Elementwise permits Value {
    /** Returns this value. */
    abstract Value self();

    /** Returns the tape of this value. */
    abstract Tape tape();

    /** Returns the elements' type. */
    public abstract ElementType type();

    /** Returns a copy of the dimensions. */
    public abstract int[] dims();

    /** Applies an operator that works element by element and has no attributes. */
    public Value apply(String operator) {
        return tape().emit(operator, List.of(self()), Map.of(), type(), dims());
    }

    private Value with(String operator, Value other, ElementType result) {
        return tape().emit(
                        operator,
                        List.of(self(), other),
                        Map.of(),
                        result,
                        Dims.broadcast(dims(), other.dims()));
    }

    /** Returns the sum, broadcast. */
    public Value plus(Value other) {
        return with("Add", other, type());
    }

    /** Returns the sum with a number. */
    public Value plus(double number) {
        return plus(tape().scalar(number));
    }

    /** Returns the difference, broadcast. */
    public Value minus(Value other) {
        return with("Sub", other, type());
    }

    /** Returns 1 minus this. */
    public Value oneMinus() {
        return tape().scalar(1).minus(self());
    }

    /** Returns the product, broadcast. */
    public Value times(Value other) {
        return with("Mul", other, type());
    }

    /** Returns the product with a number. */
    public Value times(double number) {
        return number == 1 ? self() : times(tape().scalar(number));
    }

    /** Returns the quotient, broadcast. */
    public Value over(Value other) {
        return with("Div", other, type());
    }

    /** Returns the element-wise maximum, broadcast. */
    public Value max(Value other) {
        return with("Max", other, type());
    }

    /** Returns the element-wise maximum of this and a number. */
    public Value max(double number) {
        return max(tape().scalar(number));
    }

    /** Returns this raised to the elements of another tensor, broadcast. */
    public Value power(Value exponent) {
        return with("Pow", exponent, type());
    }

    /** Returns this raised to a constant exponent. */
    public Value power(double exponent) {
        return exponent == 1 ? self() : power(tape().scalar(exponent));
    }

    /** Returns the element-wise square. */
    public Value square() {
        return times(self());
    }

    /** Returns this with the opposite sign. */
    public Value negative() {
        return apply("Neg");
    }

    /** Returns a mask that is true where this is greater, broadcast. */
    public Value isGreater(Value other) {
        return with("Greater", other, BOOL);
    }

    /** Returns a mask that is true where this is greater than a number. */
    public Value isGreater(double number) {
        return isGreater(tape().scalar(number));
    }

    /** Returns a mask that is true where this is less, broadcast. */
    public Value isLess(Value other) {
        return with("Less", other, BOOL);
    }

    /** Returns a mask that is true where this is less than a number. */
    public Value isLess(double number) {
        return isLess(tape().scalar(number));
    }

    /** Returns a mask that is true where both are equal, broadcast. */
    public Value isEqual(Value other) {
        return with("Equal", other, BOOL);
    }

    /** Returns a mask that is true where both masks are true, broadcast. */
    public Value and(Value other) {
        return with("And", other, BOOL);
    }

    /**
     * Returns the elements of one tensor where this mask is true, and of another where it is false,
     * broadcast.
     */
    public Value choose(Value yes, Value no) {
        return tape().emit(
                        "Where",
                        List.of(self(), yes, no),
                        Map.of(),
                        yes.type(),
                        Dims.broadcast(dims(), Dims.broadcast(yes.dims(), no.dims())));
    }

    /** Returns one number where this mask is true, and another where it is false. */
    public Value choose(double yes, double no) {
        return choose(tape().scalar(yes), tape().scalar(no));
    }

    /** Returns the elements of a tensor where this mask is true, and 0 where it is false. */
    public Value mask(Value value) {
        return choose(value, tape().scalar(0));
    }

    /** Returns the elements converted to another type. */
    public Value cast(ElementType to) {
        return to == type()
                ? self()
                : tape().emit(
                                "Cast",
                                List.of(self()),
                                Map.of("to", new Attribute.OfInt(to.code())),
                                to,
                                dims());
    }
}
