package stir.core.internal;

import stir.api.Batch;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;

/**
 * A layer hook seen from pixel space: preprocessing in front, gradients through it, any number of
 * rows in passes of a fixed size. Holds scratch memory: for one thread at a time.
 */
final class Evaluator {
    private final LayerHook hook;
    private final PixelTransform transform;
    private final int passSize;
    private final Batch modelInputs;
    private final Batch modelGradients;
    private final double[] passDistances;

    /**
     * An evaluator with memory for one pass.
     *
     * @param hook where the network is cut; stays its owner's
     * @param transform from pixels to the hook's input, for this evaluator alone
     * @param passSize the most rows of one pass
     */
    Evaluator(LayerHook hook, PixelTransform transform, int passSize) {
        this.hook = hook;
        this.transform = transform;
        this.passSize = passSize;
        this.modelInputs = Batch.allocate(passSize, transform.modelShape());
        this.modelGradients = Batch.allocate(passSize, transform.modelShape());
        this.passDistances = new double[passSize];
    }

    /** The shape of one input's representation. */
    Shape representationShape() {
        return hook.layer().shape();
    }

    /** Writes the representation of each row of pixels. */
    void represent(Batch pixels, Batch representations) {
        for (int from = 0; from < pixels.rows(); from += passSize) {
            int to = Math.min(from + passSize, pixels.rows());
            var inputs = modelInputs.slice(0, to - from);
            transform.forward(pixels.slice(from, to), inputs);
            hook.represent(inputs, representations.slice(from, to));
        }
    }

    /**
     * Writes each row's distance from its target, and its gradient by the pixels.
     *
     * @param pixels one row an input
     * @param targets as many representations
     * @param norm the distance's norm
     * @param distances receives one value a row
     * @param gradients receives one row a row of pixels
     */
    void distance(Batch pixels, Batch targets, Norm norm, double[] distances, Batch gradients) {
        for (int from = 0; from < pixels.rows(); from += passSize) {
            int to = Math.min(from + passSize, pixels.rows());
            var points = pixels.slice(from, to);
            var inputs = modelInputs.slice(0, to - from);
            var inputGradients = modelGradients.slice(0, to - from);
            transform.forward(points, inputs);
            hook.distance(inputs, targets.slice(from, to), norm, passDistances, inputGradients);
            System.arraycopy(passDistances, 0, distances, from, to - from);
            transform.backward(points, inputGradients, gradients.slice(from, to));
        }
    }
}
