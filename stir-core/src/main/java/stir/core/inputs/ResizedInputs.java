package stir.core.inputs;

import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;

/** Images of one size, each resized and cropped when it is read. */
record ResizedInputs(Inputs all, ResizeAndCrop resizeAndCrop, PixelSize image, Shape shape) implements DerivedInputs {
    static ResizedInputs of(Inputs all, ResizeAndCrop resizeAndCrop) {
        var shape = all.shape();
        if (shape.rank() != 3) {
            throw new UsageException("%s contains vectors of %s values, which cannot be resized or cropped: omit that."
                    .formatted(all.facts().source(), shape));
        }
        if (all.facts().keepsElements()) {
            throw new UsageException("%s contains padded sequences, which cannot be resized or cropped: omit that."
                    .formatted(all.facts().source()));
        }
        var image = new PixelSize(shape.dimension(1), shape.dimension(2));
        var resized = resizeAndCrop.size(image, all.facts().source());
        return new ResizedInputs(
                all, resizeAndCrop, image, Shape.of(shape.dimension(0), resized.height(), resized.width()));
    }

    @Override
    public InputFacts facts() {
        return all.facts().withFraming(resizeAndCrop);
    }

    @Override
    public void read(int from, int number, Batch into, int row) {
        for (int i = 0; i < number; i++) {
            var resized = resizeAndCrop.apply(all.read(from + i, 1).toArray(), image);
            into.buffer().put((row + i) * resized.length, resized);
        }
    }
}
