package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.extension.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.Ball;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Method;
import stir.core.inversion.Objective;
import stir.core.inversion.Steps;
import stir.core.inversion.start.SeedSource;
import stir.core.network.pass.CutNetwork;

import java.util.ArrayList;
import java.util.Optional;

/**
 * Makes the rules of a search's workers: the method's steps, the objective's terms around them,
 * then the constraint.
 *
 * @param settings how to search
 * @param networks what is inverted, and what else the objective looks at
 * @param inputs what is searched for
 * @param terms what terms of the pixels there are
 * @param seeds where searches begin, and begin again
 */
public record UpdateRules(
        InversionSettings settings,
        SearchedNetworks networks,
        Inputs inputs,
        TermCatalogue terms,
        SeedSource seeds) {
    /** An input's points (where it is and its best), and those of its row in a batch. */
    private static final long SEARCHED = 4;

    /**
     * A rule.
     *
     * @param worker whose evaluators it may use
     * @param slots the slots of the worker's batch
     */
    public UpdateRule<?> of(int worker, int slots) {
        if (settings.method() instanceof GradientDescent descent) {
            return inBall(gradient(descent, worker, slots), descent.ball());
        }
        if (settings.method() instanceof GaussNewton steps) {
            return inBall(secants(steps), steps.ball());
        }
        throw new IllegalStateException("Each input does not go its own way");
    }

    /** What the search remembers of an input on its way, in bytes. */
    public long bytesOfAnInput() {
        return bytesOfAnInput(settings.method(), width(), inputs.shape());
    }

    /**
     * What a search remembers of an input on its way, in bytes.
     *
     * @param width the size of a representation
     * @param shape of an input
     */
    public static long bytesOfAnInput(Method method, int width, Shape shape) {
        int size = shape.size();
        long floats = SEARCHED * size + width;
        if (method instanceof GaussNewton steps) {
            floats += MultiSecant.valuesOfAnInput(steps.iterations(), width, shape);
            floats +=
                    steps.effort() == GaussNewton.Effort.THOROUGH
                            ? WarmRestarts.valuesOfAnInput(width, shape)
                            : 0;
        }
        return Float.BYTES * floats;
    }

    private int width() {
        return networks.reference().representationShape().size();
    }

    private <S extends InputSteps> UpdateRule<?> inBall(UpdateRule<S> rule, Optional<Ball> ball) {
        return ball.isEmpty()
                ? rule
                : new ProjectedSteps<>(
                        rule, (input, seed) -> BallProjection.of(ball.get(), inputs, input, seed));
    }

    /** Steps along the gradient of whatever is made small, in a ball if there is one. */
    public UpdateRule<?> gradientSteps(Steps steps, Optional<Ball> ball) {
        return inBall(gradientSteps(steps), ball);
    }

    private UpdateRule<?> gradientSteps(Steps steps) {
        if (steps.random()) {
            return new RandomSteps(steps.step(), settings.rngSeed());
        }
        var rule = new NormalisedGradient(steps.step(), steps.momentum());
        return steps.fourier() ? new FourierSteps<>(rule, inputs.shape()) : rule;
    }

    private UpdateRule<?> secants(GaussNewton steps) {
        if (!networks.moreLayers().isEmpty()) {
            throw new UsageException(
                    "The optimizer %s knows one layer alone: use the optimizer reference to search at several."
                            .formatted(steps.optimizer()));
        }
        var secants = new MultiSecant(settings.iterations(), width(), inputs.shape());
        return switch (steps.effort()) {
            case FAST -> secants;
            case THOROUGH ->
                    new WarmRestarts(
                            secants, seeds::writeAgain, steps, Batch.allocate(1, inputs.shape()));
        };
    }

    private UpdateRule<?> gradient(GradientDescent descent, int worker, int slots) {
        var steps = gradientSteps(descent.steps());
        return descent.objective().isDistance()
                        && networks.moreLayers().isEmpty()
                        && descent.needsGradients()
                ? steps
                : weighed(steps, descent, worker, slots);
    }

    private <S extends InputSteps> ObjectiveRule<S> weighed(
            UpdateRule<S> steps, GradientDescent descent, int worker, int slots) {
        var layers = new ArrayList<NetworkTerm>();
        networks.moreLayers()
                .forEach((layer, weight) -> layers.add(term(layer, weight, worker, slots)));
        var second =
                descent.objective()
                        .controversial()
                        .map(
                                found ->
                                        term(
                                                networks.second().orElseThrow(),
                                                -found.factor().fixed().orElse(1),
                                                worker,
                                                slots));
        return new ObjectiveRule<>(
                steps,
                descent,
                pixelTerms(descent.objective()),
                settings.rngSeed(),
                networks.weight(),
                layers,
                second,
                inputs.shape(),
                slots);
    }

    /**
     * The terms of the pixels.
     *
     * @throws UsageException if one is unknown, or not defined for the inputs
     */
    private PixelTerms pixelTerms(Objective objective) {
        return new PixelTerms(
                objective.terms().stream()
                        .map(
                                term ->
                                        new PixelTerms.Weighted(
                                                term.weight(),
                                                terms.select(term.id(), term.parameters())
                                                        .on(inputs.shape())))
                        .toList(),
                inputs.shape().size());
    }

    private NetworkTerm term(CutNetwork network, double weight, int worker, int slots) {
        return new NetworkTerm(
                network.evaluators().get(worker),
                weight,
                settings.norm(),
                inputs,
                slots,
                network.network().name());
    }
}
