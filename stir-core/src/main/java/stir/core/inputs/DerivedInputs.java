package stir.core.inputs;

import stir.api.Batch;
import stir.api.Shape;

import java.util.BitSet;
import java.util.OptionalInt;

/**
 * Inputs that are read from other inputs; methods that are not overridden delegate to these. An
 * implementation that changes values overrides the method for several rows, which also reads single
 * rows.
 */
interface DerivedInputs extends Inputs {
    /** Returns the inputs that these are read from. */
    Inputs all();

    @Override
    default String source() {
        return all().source();
    }

    @Override
    default int count() {
        return all().count();
    }

    @Override
    default int total() {
        return all().total();
    }

    @Override
    default BitSet fixed(int index) {
        return all().fixed(index);
    }

    @Override
    default boolean keepsElements() {
        return all().keepsElements();
    }

    @Override
    default OptionalInt length(int index) {
        return all().length(index);
    }

    @Override
    default int positions() {
        return all().positions();
    }

    @Override
    default Shape shape() {
        return all().shape();
    }

    @Override
    default String name(int index) {
        return all().name(index);
    }

    @Override
    default OptionalInt label(int index) {
        return all().label(index);
    }

    @Override
    default OptionalInt rate() {
        return all().rate();
    }

    @Override
    default OptionalInt channel() {
        return all().channel();
    }

    @Override
    default String preparation() {
        return all().preparation();
    }

    @Override
    default ResizeAndCrop framing() {
        return all().framing();
    }

    @Override
    default ValueRange range() {
        return all().range();
    }

    @Override
    default void read(int index, Batch into, int row) {
        read(index, 1, into, row);
    }

    @Override
    default void read(int from, int number, Batch into, int row) {
        all().read(from, number, into, row);
    }
}
