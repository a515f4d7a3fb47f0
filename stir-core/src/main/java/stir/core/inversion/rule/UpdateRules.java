package stir.core.inversion.rule;

import stir.api.Batch;
import stir.api.UsageException;
import stir.core.inputs.Inputs;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.start.SeedSource;
import stir.core.network.pass.HookedNetwork;

import java.util.ArrayList;
import java.util.Optional;

/**
 * Makes the rules of a search's workers: the optimiser's steps, the objective's terms around them,
 * then the constraint.
 *
 * @param settings how is searched
 * @param reference what is inverted
 * @param inputs what is searched for
 * @param calibration of Gauss-Newton steps
 * @param seeds where searches begin, and begin again
 */
public record UpdateRules(
        InversionSettings settings,
        HookedNetwork reference,
        Inputs inputs,
        Calibration calibration,
        SeedSource seeds) {
    /** Refuses layers that the optimiser can't search at. */
    public UpdateRules {
        if (settings.optimizer() != Optimizer.REFERENCE && !reference.moreLayers().isEmpty()) {
            throw new UsageException(
                    "The optimizer %s knows one layer alone: use the optimizer reference to search at several."
                            .formatted(settings.optimizer()));
        }
        if (settings.objective().rival().isPresent() != reference.rival().isPresent()) {
            throw new IllegalStateException("The objective and the reference differ in a rival");
        }
    }

    /**
     * A rule.
     *
     * @param worker whose evaluators it may use
     * @param slots the slots of the worker's batch
     */
    public UpdateRule of(int worker, int slots) {
        var rule =
                switch (settings.optimizer()) {
                    case REFERENCE -> gradient(worker, slots);
                    case FAST -> secants(SecantMemory.SHORT, slots);
                    case THOROUGH -> warmRestarts(slots);
                    case NEAREST -> throw new IllegalStateException("Nothing is searched for");
                };
        return constrained(rule, slots);
    }

    /** The rule in the ball that the settings ask for, if they do. */
    public UpdateRule constrained(UpdateRule rule, int slots) {
        return settings.movement()
                .ball()
                .<UpdateRule>map(ball -> new StepsInBall(rule, ball, inputs, slots))
                .orElse(rule);
    }

    private UpdateRule warmRestarts(int slots) {
        return new WarmRestarts(
                secants(SecantMemory.LONG, slots),
                seeds::writeAgain,
                settings.iterations(),
                slots,
                Batch.allocate(1, inputs.shape()));
    }

    private MultiSecant secants(SecantMemory memory, int slots) {
        return new MultiSecant(
                calibration,
                memory,
                settings.iterations(),
                slots,
                reference.representationShape().size(),
                inputs.shape().size());
    }

    /** Steps along the gradient by the pixels or by the spectrum, of whatever is made small. */
    public UpdateRule gradientSteps(int slots) {
        var movement = settings.movement();
        var steps =
                new NormalisedGradient(
                        movement.step(), movement.momentum(), slots, inputs.shape().size());
        return movement.fourier() ? new FourierSteps(steps, inputs.shape()) : steps;
    }

    private UpdateRule gradient(int worker, int slots) {
        var steps = gradientSteps(slots);
        if (settings.objective().isDistance() && reference.moreLayers().isEmpty()) {
            return steps;
        }
        var layers = new ArrayList<NetworkTerm>();
        reference
                .moreLayers()
                .forEach((layer, weight) -> layers.add(term(layer, weight, worker, slots)));
        Optional<NetworkTerm> rival =
                settings.objective()
                        .rival()
                        .map(
                                found ->
                                        term(
                                                reference.rival().orElseThrow(),
                                                -found.factor(),
                                                worker,
                                                slots));
        return new ObjectiveRule(
                steps, settings, reference.weight(), layers, rival, inputs.shape(), slots);
    }

    private NetworkTerm term(HookedNetwork network, double weight, int worker, int slots) {
        return new NetworkTerm(
                network.evaluators().get(worker),
                weight,
                settings.norm(),
                inputs,
                slots,
                network.network().name());
    }
}
