package stir.core.inputs;

import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;

import java.util.OptionalInt;

/** Images of one size, each resized and cropped when it is read. */
record FramedInputs(Inputs all, Framing framing, PixelSize image, Shape shape) implements Inputs {
    static FramedInputs of(Inputs all, Framing framing) {
        var shape = all.shape();
        if (shape.rank() != 3) {
            throw new UsageException(
                    "%s holds vectors of %s values, which can't be resized or cropped: leave that out."
                            .formatted(all.source(), shape));
        }
        var image = new PixelSize(shape.dimension(1), shape.dimension(2));
        var framed = framing.size(image, all.source());
        return new FramedInputs(
                all, framing, image, Shape.of(shape.dimension(0), framed.height(), framed.width()));
    }

    @Override
    public String source() {
        return all.source();
    }

    @Override
    public int count() {
        return all.count();
    }

    @Override
    public String name(int index) {
        return all.name(index);
    }

    @Override
    public OptionalInt label(int index) {
        return all.label(index);
    }

    @Override
    public String preparation() {
        return framing.toString();
    }

    @Override
    public void read(int index, Batch into, int row) {
        var framed = framing.apply(all.read(index, 1).toArray(), image);
        into.buffer().put(row * framed.length, framed);
    }
}
