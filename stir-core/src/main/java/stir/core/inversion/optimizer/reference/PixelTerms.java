package stir.core.inversion.optimizer.reference;

import java.util.List;
import stir.api.Batch;
import stir.api.ObjectiveTerm;

/** The terms of an objective that depend on the pixels alone. Not thread-safe. */
public final class PixelTerms {
    private final List<Weighted> terms;
    private final float[] point;
    private final float[] gradient;

    /**
     * A term and its weight.
     *
     * @param weight above 0
     * @param term the evaluation of it for inputs of the search's shape
     */
    public record Weighted(double weight, ObjectiveTerm.Evaluation term) {}

    /**
     * Creates terms for inputs of a size.
     *
     * @param terms the terms in the order in which they are added
     */
    public PixelTerms(List<Weighted> terms, int size) {
        this.terms = List.copyOf(terms);
        this.point = new float[size];
        this.gradient = new float[size];
    }

    /** Adds the terms at some points to sums, and their gradients to the sums' gradients. */
    public void add(Batch points, double[] values, Batch gradients) {
        for (int row = 0; row < points.rows(); row++) {
            points.buffer().get(row * point.length, point);
            gradients.buffer().get(row * point.length, gradient);
            for (var weighted : terms) {
                values[row] += weighted.term().add(weighted.weight(), point, gradient);
            }
            gradients.buffer().put(row * point.length, gradient);
        }
    }
}
