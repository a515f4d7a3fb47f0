package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Norm;
import stir.api.Shape;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Objective;
import stir.core.network.pass.Evaluator;

import java.util.List;
import java.util.Optional;

/**
 * A rule that follows the gradient of an {@link Objective} of several terms. The distance at the
 * measured layer is one of them; distances at more layers share a weight of 1 with it.
 *
 * <p>For one worker.
 */
public final class ObjectiveRule implements UpdateRule {
    private final UpdateRule steps;
    private final int iterations;
    private final double weight;
    private final List<NetworkTerm> layers;
    private final Optional<NetworkTerm> rival;
    private final PixelTerms pixelTerms;
    private final Optional<Distorter> distorter;
    private final int[] inputs;
    private final int[] stepsMade;
    private final double[] targetNorms;
    private final double[] values;
    private final double[] residuals;

    /**
     * A rule.
     *
     * @param steps moves along the gradient
     * @param settings the objective
     * @param weight of the distance at the measured layer
     * @param layers more layers of the reference; their weights and {@code weight} have the sum 1
     * @param rival the second network
     * @param shape of an input
     * @param slots of the working batch
     */
    ObjectiveRule(
            UpdateRule steps,
            InversionSettings settings,
            double weight,
            List<NetworkTerm> layers,
            Optional<NetworkTerm> rival,
            Shape shape,
            int slots) {
        var objective = settings.objective();
        this.steps = steps;
        this.iterations = settings.iterations();
        this.weight = weight;
        this.layers = layers;
        this.rival = rival;
        this.pixelTerms = new PixelTerms(objective.regularisers(), shape);
        this.distorter =
                objective.distortions().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Distorter(
                                        objective.distortions(), settings.rngSeed(), shape, slots));
        this.inputs = new int[slots];
        this.stepsMade = new int[slots];
        this.targetNorms = new double[slots];
        this.values = new double[slots];
        this.residuals = new double[slots];
    }

    @Override
    public void begin(int slot, int input, Batch points) {
        steps.begin(slot, input, points);
        layers.forEach(term -> term.begin(slot, input));
        rival.ifPresent(term -> term.begin(slot, input));
        inputs[slot] = input;
        stepsMade[slot] = 0;
    }

    @Override
    public void move(int from, int to) {
        steps.move(from, to);
        layers.forEach(term -> term.move(from, to));
        rival.ifPresent(term -> term.move(from, to));
        inputs[to] = inputs[from];
        stepsMade[to] = stepsMade[from];
    }

    @Override
    public void differentiate(
            Evaluator evaluator,
            Batch points,
            Batch targets,
            Norm norm,
            double[] distances,
            Batch gradients) {
        var seen = distorter.map(random -> distorted(random, points)).orElse(points);
        evaluator.distance(seen, targets, norm, distances, gradients);
        norm.norms(targets, targetNorms);
        weigh(distances, gradients);
        layers.forEach(term -> term.add(seen, values, gradients));
        System.arraycopy(values, 0, residuals, 0, points.rows());
        rival.ifPresent(term -> term.add(seen, values, gradients));
        distorter.ifPresent(random -> random.takeBack(gradients));
        pixelTerms.add(points, values, gradients);
    }

    private Batch distorted(Distorter random, Batch points) {
        for (int slot = 0; slot < points.rows(); slot++) {
            if (isLast(slot)) {
                random.keep(slot);
            } else {
                random.draw(slot, inputs[slot], stepsMade[slot]);
            }
        }
        return random.apply(points);
    }

    private boolean isLast(int slot) {
        return stepsMade[slot] == iterations;
    }

    private void weigh(double[] distances, Batch gradients) {
        var buffer = gradients.buffer();
        int size = gradients.rowSize();
        for (int slot = 0; slot < gradients.rows(); slot++) {
            boolean used = targetNorms[slot] > 0; // others fill the last pass
            values[slot] = used ? weight * distances[slot] / targetNorms[slot] : 0;
            float factor = used ? (float) (weight / targetNorms[slot]) : 0;
            for (int i = slot * size; i < (slot + 1) * size; i++) {
                buffer.put(i, factor * buffer.get(i));
            }
        }
    }

    /** The weighted mean over the layers. */
    @Override
    public double residual(int slot, double distance) {
        return layers.isEmpty() ? distance : residuals[slot];
    }

    /** With distortions the last point counts alone, which was seen without. */
    @Override
    public double value(int slot, double residual) {
        return distorter.isPresent() && !isLast(slot) ? Double.POSITIVE_INFINITY : values[slot];
    }

    @Override
    public void step(int slot, int step, double distance, float[] point, float[] gradient) {
        steps.step(slot, step, distance, point, gradient);
        stepsMade[slot]++;
    }
}
