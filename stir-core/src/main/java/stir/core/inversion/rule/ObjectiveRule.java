package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.Controversial;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.Objective;
import stir.core.network.pass.Evaluator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A rule that follows the gradient of an {@link Objective} of several terms. The distance at the
 * measured layer is one of them; distances at more layers share a weight of 1 with it.
 *
 * @param <S> what the rule behind it remembers of an input
 */
public final class ObjectiveRule<S extends InputSteps>
        implements UpdateRule<ObjectiveRule<S>.Weighed> {
    private final UpdateRule<S> steps;
    private final int iterations;
    private final double weight;
    private final List<NetworkTerm> layers;
    private final Optional<NetworkTerm> second;
    private final PixelTerms pixelTerms;
    private final Optional<Distorter> distorter;
    private final Optional<EstimatedGradients> estimated;
    private final DistanceGradients distanceGradients;
    private final boolean ratio;
    private final double[] targetNorms;
    private final double[] values;

    /**
     * A rule.
     *
     * @param steps moves along the gradient
     * @param descent the objective, and how many steps are made
     * @param pixelTerms terms of the pixels alone
     * @param rngSeed of distortions and of estimated gradients
     * @param weight of the distance at the measured layer
     * @param layers more layers of the reference; their weights and {@code weight} have the sum 1
     * @param second the second network
     * @param shape of an input
     * @param slots the most rows of a pass
     */
    ObjectiveRule(
            UpdateRule<S> steps,
            GradientDescent descent,
            PixelTerms pixelTerms,
            long rngSeed,
            double weight,
            List<NetworkTerm> layers,
            Optional<NetworkTerm> second,
            Shape shape,
            int slots) {
        var objective = descent.objective();
        this.steps = steps;
        this.iterations = descent.iterations();
        this.weight = weight;
        this.layers = layers;
        this.second = second;
        this.pixelTerms = pixelTerms;
        this.distorter =
                objective.augmentations().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Distorter(objective.augmentations(), rngSeed, shape, slots));
        this.estimated =
                descent.steps()
                        .estimate()
                        .map(found -> new EstimatedGradients(found, rngSeed, shape, slots));
        this.distanceGradients =
                estimated.<DistanceGradients>map(found -> found).orElse(Evaluator::distance);
        this.ratio =
                objective
                        .controversial()
                        .filter(found -> found.factor().equals(Controversial.Factor.AUTOMATIC))
                        .isPresent();
        this.targetNorms = new double[slots];
        this.values = new double[slots];
    }

    /** An input's value, and its targets at all layers. */
    final class Weighed extends StepsBehind<S> {
        private final int input;
        private final List<NetworkTerm.Target> targets;
        private final Optional<NetworkTerm.Target> targetOfSecond;
        private int stepsMade;
        private double value;
        private double residual;

        private Weighed(int input, S behind) {
            super(behind);
            this.input = input;
            this.targets = layers.stream().map(term -> term.begin(input)).toList();
            this.targetOfSecond = second.map(term -> term.begin(input));
        }

        private boolean isLast() {
            return stepsMade == iterations;
        }

        private double[] distortion(Distorter random) {
            return isLast() ? Distorter.nothing() : random.draw(input, stepsMade);
        }

        /** The weighted mean over the layers. */
        @Override
        public double residual(double distance) {
            return layers.isEmpty() ? distance : residual;
        }

        /** With distortions the last point counts alone, which was seen without. */
        @Override
        public double value(double unused, boolean found) {
            if (found) {
                return Double.NEGATIVE_INFINITY;
            }
            return distorter.isPresent() && !isLast() ? Double.POSITIVE_INFINITY : value;
        }

        @Override
        public void step(int step, double distance, float[] point, float[] gradient) {
            behind.step(step, distance, point, gradient);
            stepsMade++;
        }
    }

    @Override
    public Weighed begin(int input, float[] seed) {
        return new Weighed(input, steps.begin(input, seed));
    }

    @Override
    public void differentiate(Pass pass, List<Weighed> inputs) {
        var maps = new ArrayList<double[]>();
        distorter.ifPresent(random -> inputs.forEach(input -> maps.add(input.distortion(random))));
        var seen = distorter.map(random -> random.apply(pass.points(), maps)).orElse(pass.points());
        var gradients = pass.gradients();
        estimated.ifPresent(
                numbers -> {
                    numbers.begin();
                    inputs.forEach(input -> numbers.next(input.input, input.stepsMade));
                });
        distanceGradients.differentiate(
                pass.evaluator(), seen, pass.targets(), pass.norm(), pass.distances(), gradients);
        pass.norm().norms(pass.targets(), targetNorms);
        weigh(pass, inputs.size());
        for (int i = 0; i < layers.size(); i++) {
            int layer = i;
            layers.get(i)
                    .add(
                            distanceGradients,
                            seen,
                            inputs.stream().map(input -> input.targets.get(layer)).toList(),
                            values,
                            gradients);
        }
        for (int row = 0; row < inputs.size(); row++) {
            inputs.get(row).residual = values[row];
        }
        second.ifPresent(
                term -> {
                    var targets =
                            inputs.stream()
                                    .map(input -> input.targetOfSecond.orElseThrow())
                                    .toList();
                    if (ratio) {
                        term.divide(distanceGradients, seen, targets, values, gradients);
                    } else {
                        term.add(distanceGradients, seen, targets, values, gradients);
                    }
                });
        distorter.ifPresent(random -> random.takeBack(gradients, maps));
        pixelTerms.add(pass.points().slice(0, inputs.size()), values, gradients);
        for (int row = 0; row < inputs.size(); row++) {
            inputs.get(row).value = values[row];
        }
    }

    private void weigh(Pass pass, int inputs) {
        Batch gradients = pass.gradients();
        var buffer = gradients.buffer();
        int size = gradients.rowSize();
        for (int row = 0; row < inputs; row++) {
            values[row] = weight * pass.distances()[row] / targetNorms[row];
            float factor = (float) (weight / targetNorms[row]);
            for (int i = row * size; i < (row + 1) * size; i++) {
                buffer.put(i, factor * buffer.get(i));
            }
        }
    }
}
