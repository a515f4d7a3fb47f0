package stir.core.network.pass;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import stir.api.Batch;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inputs.Inputs;

/**
 * Several references as one: their representations one after the other, each multiplied by its
 * weight and divided by the norm that it has for the input itself. So the relative distance from
 * the input's representation is the weighted mean of the references' own, of the norm's order:
 * {@code (sum (w r)^p / sum w^p)^(1/p)}.
 *
 * <p>The factors depend on the input alone, and are computed when it is first passed.
 */
final class JointEvaluator implements Evaluator {
    private final List<Evaluator> parts;
    private final double[] weights;
    private final Norm norm;
    private final Inputs inputs;
    private final Shape shape;
    private final double[] factors;
    private final Batch pixels;
    private final List<Batch> partRepresentations = new ArrayList<>();
    private final List<Batch> gradients = new ArrayList<>();
    private final Batch joint;
    private final Batch cotangents;
    private final double[] norms;

    /**
     * Creates an evaluator with memory for one pass.
     *
     * @param parts the evaluators of the same inputs, with passes of the same size
     * @param weights the weights of the parts
     * @param norm the norm of the distance
     * @param inputs the inputs whose representations are matched
     */
    JointEvaluator(List<Evaluator> parts, double[] weights, Norm norm, Inputs inputs) {
        this.parts = List.copyOf(parts);
        this.weights = weights.clone();
        this.norm = norm;
        this.inputs = inputs;
        int rows = passRows();
        this.shape = Shape.of(
                parts.stream().mapToInt(part -> part.representation().size()).sum());
        this.factors = new double[Math.multiplyExact(inputs.count(), parts.size())];
        Arrays.fill(factors, Double.NaN);
        this.pixels = Batch.allocate(rows, inputs.shape());
        for (var part : parts) {
            partRepresentations.add(Batch.allocate(rows, part.representation()));
            gradients.add(Batch.allocate(rows, inputs.shape()));
        }
        this.joint = Batch.allocate(rows, shape);
        this.cotangents = Batch.allocate(rows, shape);
        this.norms = new double[rows];
    }

    @Override
    public int passRows() {
        return parts.get(0).passRows();
    }

    @Override
    public Evaluator ofRows(int rows) {
        var others = parts.stream().map(part -> part.ofRows(rows)).toList();
        return new JointEvaluator(others, weights, norm, inputs);
    }

    @Override
    public List<PassWatch> watches() {
        return parts.stream().flatMap(part -> part.watches().stream()).toList();
    }

    @Override
    public Shape representation() {
        return shape;
    }

    @Override
    public void represent(Batch points, int[] indices, Batch representations) {
        for (int from = 0; from < points.rows(); from += passRows()) {
            int to = from + passRows();
            var at = prepared(indices, from);
            for (int part = 0; part < parts.size(); part++) {
                parts.get(part).represent(points.slice(from, to), at, partRepresentations.get(part));
            }
            join(at, representations.slice(from, to));
        }
    }

    @Override
    public void distance(Batch points, int[] indices, Batch targets, Norm order, double[] distances, Batch into) {
        var ofPass = new double[passRows()];
        pullback(
                points,
                indices,
                (from, representations, derivatives) -> {
                    var matched = targets.slice(from, from + passRows());
                    order.derivatives(representations, matched, ofPass, derivatives);
                    System.arraycopy(ofPass, 0, distances, from, ofPass.length);
                },
                into);
    }

    @Override
    public void pullback(Batch points, int[] indices, PassRule rule, Batch into) {
        for (int from = 0; from < points.rows(); from += passRows()) {
            int start = from;
            var at = prepared(indices, from);
            pullback(0, points.slice(from, from + passRows()), at, () -> rule.apply(start, joint, cotangents));
            var sum = into.slice(from, from + passRows()).buffer();
            for (int i = 0; i < sum.capacity(); i++) {
                float gradient = 0;
                for (var ofPart : gradients) {
                    gradient += ofPart.buffer().get(i);
                }
                sum.put(i, gradient);
            }
        }
    }

    /**
     * Pulls back the cotangents of a part and of those after it. All parts make their forward
     * passes before the first backward pass.
     */
    private void pullback(int part, Batch points, int[] at, Runnable rule) {
        if (part == parts.size()) {
            join(at, joint);
            rule.run();
            return;
        }
        parts.get(part)
                .pullback(
                        points,
                        at,
                        (unused, representations, derivatives) -> {
                            for (int row = 0; row < passRows(); row++) {
                                partRepresentations.get(part).copyRow(representations, row, row);
                            }
                            pullback(part + 1, points, at, rule);
                            copy(part, at, cotangents, derivatives);
                        },
                        gradients.get(part));
    }

    /** Writes the joint representations of the parts' representations. */
    private void join(int[] at, Batch into) {
        int start = 0;
        for (int part = 0; part < parts.size(); part++) {
            var own = partRepresentations.get(part);
            for (int row = 0; row < own.rows(); row++) {
                double factor = factor(at[row], part);
                for (int i = 0; i < own.rowSize(); i++) {
                    into.set(row, start + i, (float) (factor * own.get(row, i)));
                }
            }
            start += own.rowSize();
        }
    }

    /** Writes the cotangents of a part's representations, from those of the joint ones. */
    private void copy(int part, int[] at, Batch ofJoint, Batch into) {
        int start = partRepresentations.subList(0, part).stream()
                .mapToInt(Batch::rowSize)
                .sum();
        for (int row = 0; row < into.rows(); row++) {
            double factor = factor(at[row], part);
            for (int i = 0; i < into.rowSize(); i++) {
                into.set(row, i, (float) (factor * ofJoint.get(row, start + i)));
            }
        }
    }

    private double factor(int input, int part) {
        return factors[input * parts.size() + part];
    }

    /** Returns the inputs of a pass, whose factors are known then. */
    private int[] prepared(int[] indices, int from) {
        var at = Arrays.copyOfRange(indices, from, from + passRows());
        var unknown = Arrays.stream(at)
                .distinct()
                .filter(input -> Double.isNaN(factor(input, 0)))
                .toArray();
        if (unknown.length > 0) {
            var rows = Arrays.copyOf(unknown, at.length);
            Arrays.fill(rows, unknown.length, rows.length, unknown[0]);
            for (int row = 0; row < rows.length; row++) {
                inputs.read(rows[row], pixels, row);
            }
            measure(rows);
        }
        return at;
    }

    /** Computes the factors of inputs; 0 if a part represents one as zero, which none can match. */
    private void measure(int[] rows) {
        for (int part = 0; part < parts.size(); part++) {
            parts.get(part).represent(pixels, rows, partRepresentations.get(part));
            norm.norms(partRepresentations.get(part), norms);
            for (int row = 0; row < rows.length; row++) {
                factors[rows[row] * parts.size() + part] = weights[part] / norms[row];
            }
        }
        for (int input : rows) {
            int start = input * parts.size();
            boolean zero = Arrays.stream(factors, start, start + parts.size()).anyMatch(Double::isInfinite);
            if (zero) {
                Arrays.fill(factors, start, start + parts.size(), 0);
            }
        }
    }
}
