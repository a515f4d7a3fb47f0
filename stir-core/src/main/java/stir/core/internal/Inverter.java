package stir.core.internal;

import stir.api.Batch;
import stir.core.ProgressListener;
import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;

/** Finds invariant inputs of a reference. */
final class Inverter {
    /** Finds an invariant input for each input. */
    Inversion invert(
            HookedNetwork reference,
            Inputs inputs,
            InversionSettings settings,
            ProgressListener listener) {
        var seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        var targets = Batch.allocate(inputs.count(), reference.representationShape());
        reference.represent(inputs::read, 0, targets);
        var calibration =
                settings.optimizer() == Optimizer.FAST
                        ? Calibration.of(reference, inputs, listener)
                        : Calibration.none();
        var progress =
                new SearchProgress(
                        "Inverting " + reference.network().name(),
                        (long) inputs.count() * (settings.iterations() + 1),
                        listener);
        var search = new Search(settings, inputs.shape(), targets, seeds::write, progress);
        int slots = reference.share(inputs.count());
        int workers = Math.min(reference.evaluators().size(), (inputs.count() + slots - 1) / slots);
        Workers.run(
                workers,
                worker ->
                        search.work(
                                reference.evaluators().get(worker),
                                rule(settings, calibration, slots, targets, inputs),
                                slots));
        return search.result(reference.fakeRelu(), calibration.passes());
    }

    private static UpdateRule rule(
            InversionSettings settings,
            Calibration calibration,
            int slots,
            Batch targets,
            Inputs inputs) {
        return switch (settings.optimizer()) {
            case REFERENCE -> new NormalisedGradient();
            case FAST ->
                    new MultiSecant(
                            calibration.preconditioner(),
                            settings.iterations(),
                            slots,
                            targets.rowSize(),
                            inputs.shape().size());
        };
    }
}
