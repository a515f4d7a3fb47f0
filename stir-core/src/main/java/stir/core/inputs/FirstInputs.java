package stir.core.inputs;

import stir.api.Batch;
import stir.api.Shape;

import java.util.Objects;
import java.util.OptionalInt;

/** The first inputs of a set. */
record FirstInputs(Inputs all, int count) implements Inputs {
    @Override
    public String source() {
        return all.source();
    }

    @Override
    public Shape shape() {
        return all.shape();
    }

    @Override
    public String name(int index) {
        return all.name(Objects.checkIndex(index, count));
    }

    @Override
    public OptionalInt label(int index) {
        return all.label(Objects.checkIndex(index, count));
    }

    @Override
    public ValueRange range() {
        return all.range();
    }

    @Override
    public String preparation() {
        return all.preparation();
    }

    @Override
    public ResizeAndCrop framing() {
        return all.framing();
    }

    @Override
    public void read(int index, Batch into, int row) {
        all.read(Objects.checkIndex(index, count), into, row);
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        all.read(Objects.checkFromIndexSize(from, number, count), number, into, row);
    }
}
