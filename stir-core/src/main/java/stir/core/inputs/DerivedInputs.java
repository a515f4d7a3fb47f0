package stir.core.inputs;

import stir.api.Batch;
import stir.api.Shape;

/**
 * Inputs that are read from other inputs; methods that are not overridden delegate to these. An
 * implementation that changes values overrides the method for several rows, which also reads single
 * rows.
 */
interface DerivedInputs extends Inputs {
    /** Returns the inputs that these are read from. */
    Inputs all();

    @Override
    default InputFacts facts() {
        return all().facts();
    }

    @Override
    default int count() {
        return all().count();
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
    default void read(int index, Batch into, int row) {
        read(index, 1, into, row);
    }

    @Override
    default void read(int from, int number, Batch into, int row) {
        all().read(from, number, into, row);
    }
}
