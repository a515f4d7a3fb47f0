package stir.core.network.pass;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import stir.api.Batch;
import stir.api.LayerHook;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.network.Network;
import stir.core.network.SideRows;

/**
 * A layer hook in pixel space: preprocessing comes first, and gradients pass through it.
 *
 * <p>Not thread-safe.
 */
public final class HookEvaluator implements Evaluator {
    private final LayerHook hook;
    private final Network network;
    private final SideRows sides;
    private final Optional<PaddedPositions> padding;
    private final int[] held;
    private final PixelTransform transform;
    private final int passRows;
    private final boolean extended;
    private final Batch modelInputs;
    private final Batch modelGradients;
    private final Batch passRepresentations;
    private final double[] passDistances;
    private final PassWatch watch;

    /**
     * Creates an evaluator with memory for one pass.
     *
     * @param hook the cut network. The caller retains ownership
     * @param network its side inputs, and the inputs' padding. The caller retains ownership
     * @param transform the transformation from pixels to the hook's input, for this evaluator alone
     * @param passRows the rows of a pass
     * @param extended the value of {@link #isExtended}
     */
    public HookEvaluator(LayerHook hook, Network network, PixelTransform transform, int passRows, boolean extended) {
        this.hook = hook;
        this.network = network;
        this.sides = network.sides();
        this.padding = PaddedPositions.of(
                network.lengths(), hook.layer().shape(), network.input().layout(), passRows);
        this.held = new int[passRows];
        Arrays.fill(held, -1);
        this.transform = transform;
        this.passRows = passRows;
        this.extended = extended;
        this.modelInputs = sides.withMemory(Batch.allocate(passRows, transform.modelShape()));
        this.modelGradients = Batch.allocate(passRows, transform.modelShape());
        this.passRepresentations = Batch.allocate(passRows, hook.layer().shape());
        this.passDistances = new double[passRows];
        this.watch = new PassWatch(modelInputs, passRepresentations, extended, this::again);
    }

    /** Represents the model's inputs, which the watch has overwritten. */
    private void again() {
        hook.represent(modelInputs, passRepresentations);
        Arrays.fill(held, -1);
    }

    @Override
    public List<PassWatch> watches() {
        return List.of(watch);
    }

    @Override
    public Evaluator ofRows(int rows) {
        return new HookEvaluator(hook, network, transform.another(), rows, extended);
    }

    /** Writes the model's inputs of a pass, and reads the side inputs that have changed. */
    private void forward(Batch points, int[] inputs, int from) {
        transform.forward(points, modelInputs);
        for (int row = 0; row < passRows && sides.isOfRows(); row++) {
            if (held[row] != inputs[from + row]) {
                held[row] = inputs[from + row];
                sides.read(held[row], modelInputs, row);
            }
        }
    }

    /** Returns representations in which padding is 0. */
    private Batch compared(Batch representations, int[] inputs, int from) {
        return padding.map(positions -> positions.cleared(representations, inputs, from))
                .orElse(representations);
    }

    private void distance(Batch targets, int[] inputs, int from, Norm norm) {
        if (padding.isEmpty()) {
            hook.distance(modelInputs, targets, norm, passDistances, modelGradients);
            if (!extended) { // else the distances are not those of representations
                watch.keep(targets, Optional.of(norm), passDistances);
            }
            return;
        }
        hook.pullback(
                modelInputs,
                (representations, cotangents) -> {
                    watch.keep(representations, Optional.empty(), passDistances);
                    norm.derivatives(compared(representations, inputs, from), targets, passDistances, cotangents);
                },
                passRepresentations,
                modelGradients);
    }

    @Override
    public boolean isExtended() {
        return extended;
    }

    @Override
    public int passRows() {
        return passRows;
    }

    @Override
    public Shape representation() {
        return hook.layer().shape();
    }

    @Override
    public void represent(Batch pixels, int[] inputs, Batch representations) {
        for (int from = 0; from < pixels.rows(); from += passRows) {
            int to = from + passRows;
            forward(pixels.slice(from, to), inputs, from);
            var slice = representations.slice(from, to);
            hook.represent(modelInputs, slice);
            watch.keep(slice, Optional.empty(), passDistances);
            for (int i = 0; extended && i < slice.buffer().limit(); i++) {
                slice.buffer().put(i, Math.max(0, slice.buffer().get(i)));
            }
            int start = from;
            padding.ifPresent(positions -> positions.clear(slice, inputs, start));
            watch.repeatIfDue();
        }
    }

    @Override
    public void distance(Batch pixels, int[] inputs, Batch targets, Norm norm, double[] distances, Batch gradients) {
        for (int from = 0; from < pixels.rows(); from += passRows) {
            int to = from + passRows;
            var points = pixels.slice(from, to);
            forward(points, inputs, from);
            distance(targets.slice(from, to), inputs, from, norm);
            System.arraycopy(passDistances, 0, distances, from, passRows);
            transform.backward(points, modelGradients, gradients.slice(from, to));
            watch.repeatIfDue();
        }
    }

    @Override
    public void pullback(Batch pixels, int[] inputs, PassRule rule, Batch gradients) {
        for (int from = 0; from < pixels.rows(); from += passRows) {
            int start = from;
            int to = from + passRows;
            var points = pixels.slice(from, to);
            forward(points, inputs, from);
            hook.pullback(
                    modelInputs,
                    (representations, cotangents) -> {
                        watch.keep(representations, Optional.empty(), passDistances);
                        rule.apply(start, compared(representations, inputs, start), cotangents);
                        // Rules may give constants, such as the 0 of padding, a derivative.
                        padding.ifPresent(positions -> positions.clear(cotangents, inputs, start));
                    },
                    passRepresentations,
                    modelGradients);
            transform.backward(points, modelGradients, gradients.slice(from, to));
            watch.repeatIfDue();
        }
    }
}
