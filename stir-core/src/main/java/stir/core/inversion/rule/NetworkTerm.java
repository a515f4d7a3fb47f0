package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.DataException;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.network.pass.Evaluator;

import java.util.Arrays;

/**
 * A weight times the relative distance {@code ||h(x') - h(x)||_p / ||h(x)||_p} at one more layer,
 * or of another network. It finds the targets {@code h(x)} itself when inputs begin.
 *
 * <p>For one worker.
 */
final class NetworkTerm {
    private static final int NOTHING = -1;

    private final Evaluator evaluator;
    private final double weight;
    private final Norm norm;
    private final Inputs inputs;
    private final String what;
    private final int[] beginning;
    private final Batch pixels;
    private final Batch represented;
    private final Batch targets;
    private final Batch gradients;
    private final double[] targetNorms;
    private final double[] distances;

    /**
     * A term.
     *
     * @param evaluator of the layer, with passes of as many rows as the reference's
     * @param weight may be negative
     * @param norm of the distance
     * @param inputs what the search is for
     * @param slots the slots of the working batch
     * @param what whose representation it is, for messages
     */
    NetworkTerm(
            Evaluator evaluator, double weight, Norm norm, Inputs inputs, int slots, String what) {
        this.evaluator = evaluator;
        this.weight = weight;
        this.norm = norm;
        this.inputs = inputs;
        this.what = what;
        this.beginning = new int[slots];
        Arrays.fill(beginning, NOTHING);
        this.pixels = Batch.allocate(slots, inputs.shape());
        this.represented = Batch.allocate(evaluator.passRows(), evaluator.representation());
        this.targets = Batch.allocate(slots, evaluator.representation());
        this.gradients = Batch.allocate(slots, inputs.shape());
        this.targetNorms = new double[slots];
        this.distances = new double[slots];
    }

    /** Another input begins in a slot. */
    void begin(int slot, int input) {
        beginning[slot] = input;
    }

    /** Takes what one slot holds over into another. */
    void move(int from, int to) {
        beginning[to] = beginning[from];
        beginning[from] = NOTHING;
        targets.copyRow(targets, from, to);
        targetNorms[to] = targetNorms[from];
    }

    /**
     * Adds the term.
     *
     * @param points the first slots, a whole number of passes
     * @param values the sums so far of each slot
     * @param sums their gradients
     */
    void add(Batch points, double[] values, Batch sums) {
        represent(points.rows());
        int rows = points.rows();
        evaluator.distance(
                points, targets.slice(0, rows), norm, distances, gradients.slice(0, rows));
        var scaled = gradients.buffer();
        var sum = sums.buffer();
        int size = sums.rowSize();
        for (int slot = 0; slot < rows; slot++) {
            values[slot] += weight * relative(slot);
            float factor = targetNorms[slot] > 0 ? (float) (weight / targetNorms[slot]) : 0;
            for (int i = slot * size; i < (slot + 1) * size; i++) {
                sum.put(i, sum.get(i) + factor * scaled.get(i));
            }
        }
    }

    /** The relative distance at a slot's point; 0 in a slot where no input ever began. */
    double relative(int slot) {
        return targetNorms[slot] > 0 ? distances[slot] / targetNorms[slot] : 0;
    }

    /** Finds the targets of the inputs that begin, in passes that hold at least one. */
    private void represent(int rows) {
        int passRows = evaluator.passRows();
        for (int from = 0; from < rows; from += passRows) {
            boolean any = false;
            for (int slot = from; slot < from + passRows; slot++) {
                if (beginning[slot] != NOTHING) {
                    inputs.read(beginning[slot], pixels, slot);
                    any = true;
                }
            }
            if (any) {
                evaluator.represent(pixels.slice(from, from + passRows), represented);
                for (int slot = from; slot < from + passRows; slot++) {
                    keep(slot, from);
                }
            }
        }
    }

    private void keep(int slot, int from) {
        if (beginning[slot] == NOTHING) {
            return;
        }
        targets.copyRow(represented, slot - from, slot);
        var one = new double[1];
        norm.norms(targets.slice(slot, slot + 1), one);
        if (!(one[0] > 0) || Double.isInfinite(one[0])) {
            throw new DataException(
                    "The representation of input %d (counting from 0) by %s is %s, so no relative distance to it is defined: leave that input out, or take another layer."
                            .formatted(beginning[slot], what, one[0] == 0 ? "zero" : "not finite"));
        }
        targetNorms[slot] = one[0];
        beginning[slot] = NOTHING;
    }
}
