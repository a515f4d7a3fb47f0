package stir.core.inversion.search;

import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;
import stir.api.Batch;
import stir.api.Shape;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inversion.Ball;
import stir.core.inversion.GaussNewton;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Method;
import stir.core.inversion.Objective;
import stir.core.inversion.Steps;
import stir.core.inversion.optimizer.UpdateRule;
import stir.core.inversion.optimizer.UpdateState;
import stir.core.inversion.optimizer.constraint.BallProjection;
import stir.core.inversion.optimizer.constraint.FixedElements;
import stir.core.inversion.optimizer.constraint.ProjectedSteps;
import stir.core.inversion.optimizer.gaussnewton.MultiSecant;
import stir.core.inversion.optimizer.gaussnewton.RestartedSearch;
import stir.core.inversion.optimizer.reference.FourierSteps;
import stir.core.inversion.optimizer.reference.NetworkTerm;
import stir.core.inversion.optimizer.reference.NormalisedGradientDescent;
import stir.core.inversion.optimizer.reference.ObjectiveRule;
import stir.core.inversion.optimizer.reference.PixelTerms;
import stir.core.inversion.optimizer.reference.RandomSteps;
import stir.core.network.pass.CutNetwork;

/**
 * A factory of the rules of a search's workers: the method's steps, the objective's terms around
 * them, then the constraint.
 *
 * @param settings the settings of the search
 * @param networks the reference, and the objective's second network
 * @param inputs the inputs of the search
 * @param terms the available terms of the pixels
 * @param seeds the first points, and those of restarts
 */
public record UpdateRules(
        InversionSettings settings, SearchedNetworks networks, Inputs inputs, TermCatalogue terms, SeedSource seeds) {
    /** The points of an input: the current and the best one, and two in its row of a batch. */
    private static final long SEARCHED = 4;

    /**
     * Returns the rule of a worker.
     *
     * @param worker the index of its evaluators
     * @param slots the slots of the worker's batch
     */
    public UpdateRule<?> of(int worker, int slots) {
        if (settings.method() instanceof GradientDescent descent) {
            return within(gradient(descent, worker, slots), descent.ball());
        }
        if (settings.method() instanceof GaussNewton steps) {
            return within(secants(steps), steps.ball());
        }
        throw new IllegalStateException("This method does not optimise inputs independently");
    }

    /** Returns the memory per input of this search, in bytes. */
    public long bytesPerInput() {
        return bytesPerInput(settings.method(), width(), inputs.shape());
    }

    /**
     * Returns the memory per input of a search, in bytes.
     *
     * @param width the size of a representation
     * @param shape the shape of an input
     */
    public static long bytesPerInput(Method method, int width, Shape shape) {
        int size = shape.size();
        long floats = SEARCHED * size + width;
        if (method instanceof GaussNewton steps) {
            floats += MultiSecant.valuesPerInput(steps.iterations(), width, shape);
            floats += steps.effort() == GaussNewton.Effort.THOROUGH
                    ? RestartedSearch.valuesPerInput(steps.iterations(), width, shape)
                    : 0;
        }
        return Float.BYTES * floats;
    }

    private int width() {
        return networks.reference().representationShape().size();
    }

    /** Returns a rule that keeps to a ball, and leaves fixed elements as they are. */
    private UpdateRule<?> within(UpdateRule<?> rule, Optional<Ball> ball) {
        var inBall = inBall(rule, ball);
        return inputs.facts().keepsElements() ? new FixedElements<>(inBall, inputs) : inBall;
    }

    private <S extends UpdateState> UpdateRule<?> inBall(UpdateRule<S> rule, Optional<Ball> ball) {
        return ball.isEmpty()
                ? rule
                : new ProjectedSteps<>(rule, (input, seed) -> BallProjection.of(ball.get(), inputs, input, seed));
    }

    private UpdateRule<?> gradientSteps(Steps steps) {
        if (steps.random()) {
            return new RandomSteps(steps.step(), settings.rngSeed());
        }
        var rule = new NormalisedGradientDescent(steps.step(), steps.momentum());
        return steps.fourier() ? new FourierSteps<>(rule, inputs.shape()) : rule;
    }

    private UpdateRule<?> secants(GaussNewton steps) {
        if (!networks.moreLayers().isEmpty()) {
            throw new UsageException(
                    "The optimiser %s supports only one layer: use the optimiser published for several."
                            .formatted(steps.optimizer()));
        }
        var secants = new MultiSecant(
                settings.iterations(),
                width(),
                inputs.shape(),
                settings.seed().isOutside(),
                networks.reference().isExtended());
        return switch (steps.effort()) {
            case FAST -> secants;
            case THOROUGH -> new RestartedSearch(secants, seeds::writeAgain, steps, Batch.allocate(1, inputs.shape()));
        };
    }

    private UpdateRule<?> gradient(GradientDescent descent, int worker, int slots) {
        var steps = gradientSteps(descent.steps());
        return descent.objective().isDistance() && networks.moreLayers().isEmpty() && descent.needsGradients()
                ? steps
                : weighed(steps, descent, worker, slots);
    }

    private <S extends UpdateState> ObjectiveRule<S> weighed(
            UpdateRule<S> steps, GradientDescent descent, int worker, int slots) {
        var layers = new ArrayList<NetworkTerm>();
        networks.moreLayers().forEach((layer, weight) -> layers.add(term(layer, weight, worker, slots)));
        var second = descent.objective()
                .controversial()
                .map(controversial -> term(
                        networks.second().orElseThrow(),
                        -controversial.factor().fixed().orElse(1),
                        worker,
                        slots));
        return new ObjectiveRule<>(
                steps,
                descent,
                new ObjectiveRule.DistanceTerms(networks.weight(), layers, second),
                pixelTerms(descent.objective()),
                settings.rngSeed(),
                inputs.shape(),
                slots);
    }

    /** Returns the number of workers for which all networks of the search have evaluators. */
    int workers(CutNetwork reference) {
        var others = Stream.concat(networks.moreLayers().keySet().stream(), networks.second().stream());
        return Stream.concat(Stream.of(reference), others)
                .mapToInt(network -> network.evaluators().size())
                .min()
                .orElseThrow();
    }

    /**
     * Returns the terms of the pixels.
     *
     * @throws UsageException if one is unknown, or not defined for the inputs
     */
    private PixelTerms pixelTerms(Objective objective) {
        return new PixelTerms(
                objective.terms().stream()
                        .map(term -> new PixelTerms.Weighted(
                                term.weight(),
                                terms.select(term.id(), term.parameters()).on(inputs.shape())))
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
