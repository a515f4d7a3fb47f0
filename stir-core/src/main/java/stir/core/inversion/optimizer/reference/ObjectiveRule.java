package stir.core.inversion.optimizer.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import stir.api.Batch;
import stir.api.Shape;
import stir.core.inversion.Controversial;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.Objective;
import stir.core.inversion.optimizer.DelegatingSteps;
import stir.core.inversion.optimizer.Pass;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;

/**
 * A rule that follows the gradient of an {@link Objective} of several terms. Each pass applies a
 * list of terms to the sums of the values and of the gradients, in the order in which the
 * constructor lists them.
 *
 * @param <S> the wrapped rule's state of an input
 */
public final class ObjectiveRule<S extends UpdateState> implements UpdateRule<ObjectiveRule<S>.Weighed> {
    private final UpdateRule<S> steps;
    private final int iterations;
    private final DistanceTerms networks;
    private final boolean isRatio;
    private final Optional<Augmenter> augmenter;
    private final Optional<EstimatedGradients> estimated;
    private final DistanceGradients distanceGradients;
    private final List<Consumer<Sums>> terms = new ArrayList<>();
    private final double[] targetNorms;
    private final double[] values;

    /**
     * The distances of an objective.
     *
     * @param weight the weight of the distance at the measured layer
     * @param layers more layers of the reference; their weights and {@code weight} have the sum 1
     */
    public record DistanceTerms(double weight, List<NetworkTerm> layers, Optional<NetworkTerm> second) {}

    /**
     * Creates a rule.
     *
     * @param steps the rule that moves along the gradient
     * @param descent the objective, and how many steps are made
     * @param networks the terms of distances
     * @param pixelTerms terms of the pixels alone
     * @param rngSeed the key of the random numbers for augmentations and of estimated gradients
     * @param shape the shape of an input
     * @param slots the maximum number of rows of a pass
     */
    public ObjectiveRule(
            UpdateRule<S> steps,
            GradientDescent descent,
            DistanceTerms networks,
            PixelTerms pixelTerms,
            long rngSeed,
            Shape shape,
            int slots) {
        var objective = descent.objective();
        this.steps = steps;
        this.iterations = descent.iterations();
        this.networks = networks;
        this.augmenter = objective.augmentations().isEmpty()
                ? Optional.empty()
                : Optional.of(new Augmenter(objective.augmentations(), rngSeed, shape, slots));
        this.estimated =
                descent.steps().estimate().map(estimate -> new EstimatedGradients(estimate, rngSeed, shape, slots));
        this.distanceGradients =
                estimated.<DistanceGradients>map(gradients -> gradients).orElse(Pass::ofDistance);
        this.isRatio = objective
                .controversial()
                .filter(controversial -> controversial.factor().equals(Controversial.Factor.AUTOMATIC))
                .isPresent();
        this.targetNorms = new double[slots];
        this.values = new double[slots];

        terms.add(this::measureLayer);
        for (int layer = 0; layer < networks.layers().size(); layer++) {
            int index = layer;
            terms.add(sums -> addLayer(index, sums));
        }
        terms.add(this::keepResiduals);
        networks.second().ifPresent(term -> terms.add(sums -> addSecond(term, sums)));
        augmenter.ifPresent(random -> terms.add(sums -> random.pullBack(sums.pass.gradients(), sums.maps)));
        terms.add(sums -> addPixelTerms(pixelTerms, sums));
        terms.add(this::keepValues);
    }

    /** An input's value, and its targets at all layers. */
    public final class Weighed extends DelegatingSteps<S> {
        private final int input;
        private final List<NetworkTerm.Target> targets;
        private final Optional<NetworkTerm.Target> targetOfSecond;
        private int stepsMade;
        private double value;
        private double residual;

        private Weighed(int input, S delegate) {
            super(delegate);
            this.input = input;
            this.targets =
                    networks.layers().stream().map(term -> term.begin(input)).toList();
            this.targetOfSecond = networks.second().map(term -> term.begin(input));
        }

        private boolean isLast() {
            return stepsMade == iterations;
        }

        private double[] augmentation(Augmenter random) {
            return isLast() ? Augmenter.identity() : random.draw(input, stepsMade);
        }

        /** {@inheritDoc} With more layers it is the weighted mean over all of them. */
        @Override
        public double residual(double distance) {
            return networks.layers().isEmpty() ? distance : residual;
        }

        /** {@inheritDoc} With augmentations only the last point counts, which has none. */
        @Override
        public double value(double unused, boolean converged) {
            if (converged) {
                return Double.NEGATIVE_INFINITY;
            }
            return augmenter.isPresent() && !isLast() ? Double.POSITIVE_INFINITY : value;
        }

        @Override
        public void step(int step, double distance, float[] point, float[] gradient) {
            delegate.step(step, distance, point, gradient);
            stepsMade++;
        }
    }

    @Override
    public Weighed begin(int input, float[] seed) {
        return new Weighed(input, steps.begin(input, seed));
    }

    @Override
    public void differentiate(Pass pass, List<Weighed> inputs) {
        estimated.ifPresent(numbers -> {
            numbers.begin();
            inputs.forEach(input -> numbers.next(input.input, input.stepsMade));
        });
        var sums = new Sums(pass, inputs);
        terms.forEach(term -> term.accept(sums));
    }

    /** The inputs of a pass, whose values and gradients the terms sum up. */
    private final class Sums {
        private final Pass pass;
        private final List<Weighed> inputs;
        private final List<double[]> maps = new ArrayList<>();
        private final Batch seen;

        Sums(Pass pass, List<Weighed> inputs) {
            this.pass = pass;
            this.inputs = inputs;
            augmenter.ifPresent(random -> inputs.forEach(input -> maps.add(input.augmentation(random))));
            this.seen =
                    augmenter.map(random -> random.apply(pass.points(), maps)).orElse(pass.points());
        }
    }

    private void measureLayer(Sums sums) {
        var pass = sums.pass;
        var gradients = pass.gradients();
        distanceGradients.differentiate(pass.at(sums.seen));
        pass.norm().norms(pass.targets(), targetNorms);
        var buffer = gradients.buffer();
        int size = gradients.rowSize();
        for (int row = 0; row < sums.inputs.size(); row++) {
            values[row] = networks.weight() * pass.distances()[row] / targetNorms[row];
            float factor = (float) (networks.weight() / targetNorms[row]);
            for (int i = row * size; i < (row + 1) * size; i++) {
                buffer.put(i, factor * buffer.get(i));
            }
        }
    }

    private void addLayer(int layer, Sums sums) {
        var targets =
                sums.inputs.stream().map(input -> input.targets.get(layer)).toList();
        networks.layers().get(layer).add(distanceGradients, sums.seen, targets, values, sums.pass.gradients());
    }

    private void keepResiduals(Sums sums) {
        for (int row = 0; row < sums.inputs.size(); row++) {
            sums.inputs.get(row).residual = values[row];
        }
    }

    private void addSecond(NetworkTerm term, Sums sums) {
        var targets = sums.inputs.stream()
                .map(input -> input.targetOfSecond.orElseThrow())
                .toList();
        if (isRatio) {
            term.divide(distanceGradients, sums.seen, targets, values, sums.pass.gradients());
        } else {
            term.add(distanceGradients, sums.seen, targets, values, sums.pass.gradients());
        }
    }

    private void addPixelTerms(PixelTerms pixelTerms, Sums sums) {
        var points = sums.pass.points().slice(0, sums.inputs.size());
        pixelTerms.add(points, values, sums.pass.gradients());
    }

    private void keepValues(Sums sums) {
        for (int row = 0; row < sums.inputs.size(); row++) {
            sums.inputs.get(row).value = values[row];
        }
    }
}
