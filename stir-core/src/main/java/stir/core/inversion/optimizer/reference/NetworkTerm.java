package stir.core.inversion.optimizer.reference;

import java.util.List;
import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.inversion.optimizer.Pass;
import stir.core.network.pass.Evaluator;

/**
 * A weight times the relative distance {@code ||h(x') - h(x)||_p / ||h(x)||_p} at one more layer,
 * or of another network. It computes the targets {@code h(x)} itself when inputs begin.
 *
 * <p>Not thread-safe.
 */
public final class NetworkTerm {
    private final Evaluator evaluator;
    private final double weight;
    private final Norm norm;
    private final Inputs inputs;
    private final String network;
    private final Batch pixels;
    private final Batch represented;
    private final Batch targets;
    private final Batch gradients;
    private final double[] distances;

    /**
     * Creates a term.
     *
     * @param evaluator the evaluator of the layer, with passes of as many rows as the reference's
     * @param weight may be negative
     * @param norm the norm of the distance
     * @param inputs the inputs of the search
     * @param slots the maximum number of rows of a pass
     * @param network its name, for messages
     */
    public NetworkTerm(Evaluator evaluator, double weight, Norm norm, Inputs inputs, int slots, String network) {
        this.evaluator = evaluator;
        this.weight = weight;
        this.norm = norm;
        this.inputs = inputs;
        this.network = network;
        this.pixels = Batch.allocate(evaluator.passRows(), inputs.shape());
        this.represented = Batch.allocate(evaluator.passRows(), evaluator.representation());
        this.targets = Batch.allocate(slots, evaluator.representation());
        this.gradients = Batch.allocate(slots, inputs.shape());
        this.distances = new double[slots];
    }

    /** The target of an input, once it is computed. */
    static final class Target {
        private final int input;
        private float[] representation = new float[0];
        private double norm;

        private Target(int input) {
            this.input = input;
        }

        private boolean isKnown() {
            return norm > 0;
        }
    }

    /** Returns the target of an input, which is computed with its first pass. */
    Target begin(int input) {
        return new Target(input);
    }

    /**
     * Adds the term.
     *
     * @param how the computation of its gradient
     * @param points whole passes, of which the first rows are the inputs'
     * @param begun the inputs' targets
     * @param values the sums so far of each input
     */
    void add(DistanceGradients how, Batch points, List<Target> begun, double[] values, Batch sums) {
        differentiate(how, points, begun);
        for (int row = 0; row < begun.size(); row++) {
            double targetNorm = begun.get(row).norm;
            values[row] += weight * (distances[row] / targetNorm);
            combine(row, 1, (float) (weight / targetNorm), sums);
        }
    }

    /**
     * Divides the sums by the relative distance, whatever the weight. Where that is 0 the ratio is
     * infinite, and the gradient stays that of the sums.
     *
     * @param how the computation of its gradient
     * @param points whole passes, of which the first rows are the inputs'
     * @param begun the inputs' targets
     * @param values the sums so far of each input, to be ratios
     * @param sums their gradients, to be those of the ratios
     */
    void divide(DistanceGradients how, Batch points, List<Target> begun, double[] values, Batch sums) {
        differentiate(how, points, begun);
        for (int row = 0; row < begun.size(); row++) {
            double targetNorm = begun.get(row).norm;
            double divisor = distances[row] / targetNorm;
            if (divisor == 0) {
                values[row] = Double.POSITIVE_INFINITY;
                continue;
            }
            values[row] /= divisor;
            combine(row, (float) (1 / divisor), (float) (-values[row] / divisor / targetNorm), sums);
        }
    }

    private void differentiate(DistanceGradients how, Batch points, List<Target> begun) {
        represent(begun);
        int rows = points.rows();
        for (int row = 0; row < begun.size(); row++) {
            targets.buffer().put(row * targets.rowSize(), begun.get(row).representation);
        }
        how.differentiate(new Pass(
                evaluator,
                points,
                inputs(begun, rows),
                targets.slice(0, rows),
                norm,
                distances,
                gradients.slice(0, rows)));
    }

    /** Writes the sums times a factor, plus another factor times the gradients. */
    private void combine(int row, float ofSums, float ofGradients, Batch sums) {
        var sum = sums.buffer();
        var gradient = gradients.buffer();
        int size = sums.rowSize();
        for (int i = row * size; i < (row + 1) * size; i++) {
            sum.put(i, ofSums * sum.get(i) + ofGradients * gradient.get(i));
        }
    }

    /** Computes the targets of the inputs that begin, in passes that hold at least one. */
    private void represent(List<Target> begun) {
        int passRows = evaluator.passRows();
        for (int from = 0; from < begun.size(); from += passRows) {
            var pass = begun.subList(from, Math.min(begun.size(), from + passRows));
            boolean any = false;
            for (int row = 0; row < pass.size(); row++) {
                if (!pass.get(row).isKnown()) {
                    inputs.read(pass.get(row).input, pixels, row);
                    any = true;
                }
            }
            if (any) {
                evaluator.represent(pixels, inputs(pass, pixels.rows()), represented);
                for (int row = 0; row < pass.size(); row++) {
                    if (!pass.get(row).isKnown()) {
                        store(pass.get(row), row);
                    }
                }
            }
        }
    }

    private static int[] inputs(List<Target> begun, int rows) {
        var inputs = new int[rows];
        for (int row = 0; row < begun.size(); row++) {
            inputs[row] = begun.get(row).input;
        }
        return inputs;
    }

    private void store(Target target, int row) {
        var representation = new float[represented.rowSize()];
        represented.buffer().get(row * representation.length, representation);
        var one = new double[1];
        norm.norms(represented.slice(row, row + 1), one);
        if (!(one[0] > 0) || Double.isInfinite(one[0])) {
            throw new DataException(
                    "The representation of input %d (counting from 0) by %s is %s, so no relative distance to it is defined: leave that input out, or choose another layer."
                            .formatted(target.input, network, one[0] == 0 ? "zero" : "not finite"));
        }
        target.representation = representation;
        target.norm = one[0];
    }
}
