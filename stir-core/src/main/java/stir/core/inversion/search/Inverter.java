package stir.core.inversion.search;

import stir.core.inputs.Inputs;
import stir.core.internal.Keeping;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.rule.Calibration;
import stir.core.inversion.rule.UpdateRules;
import stir.core.inversion.start.SeedSource;
import stir.core.network.pass.HookedNetwork;
import stir.core.progress.ProgressListener;
import stir.core.store.FoundRows;
import stir.core.work.SearchProgress;
import stir.core.work.Workers;

import java.util.Optional;

/** Finds invariant inputs of a reference. */
public final class Inverter {
    /** Finds an invariant input for each input, in memory. */
    public Inversion invert(
            HookedNetwork reference,
            Inputs inputs,
            InversionSettings settings,
            ProgressListener listener) {
        return invert(reference, settings, Keeping.of(Optional.empty(), inputs), listener);
    }

    /**
     * Finds an invariant input for each input.
     *
     * @param keeping the inputs, and where their invariant inputs are kept
     */
    public Inversion invert(
            HookedNetwork reference,
            InversionSettings settings,
            Keeping keeping,
            ProgressListener listener) {
        try (var found = keeping.open(reference, settings, listener)) {
            return found.inversion()
                    .orElseGet(
                            () -> invert(reference, keeping.inputs(), settings, found, listener));
        }
    }

    /**
     * Finds an invariant input for each input that has none yet.
     *
     * @param found keeps what is found; stays its owner's
     */
    private static Inversion invert(
            HookedNetwork reference,
            Inputs inputs,
            InversionSettings settings,
            FoundRows found,
            ProgressListener listener) {
        var name = reference.network().name();
        var seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        WaitingInputs.check(
                reference,
                inputs,
                settings.norm(),
                new SearchProgress("Looking at inputs by " + name, inputs.count(), listener));
        if (settings.optimizer() == Optimizer.NEAREST) {
            new NearestNeighbours(settings, reference, inputs).find(found, listener);
            return found.finish(reference.fakeRelu(), 0);
        }
        if (settings.objective().isCkaAttack()) {
            new CkaAttack(settings, reference, inputs, seeds).run(found, listener);
            return found.finish(reference.fakeRelu(), 0);
        }
        var calibration =
                settings.optimizer().isGaussNewton()
                        ? Calibration.of(reference, inputs, seeds, settings.rngSeed(), listener)
                        : Calibration.none();
        var before = found.found();
        int left = inputs.count() - before.cardinality();
        if (left > 0) {
            var progress =
                    new SearchProgress(
                            "Inverting " + name,
                            (long) left * (settings.iterations() + 1),
                            listener);
            var waiting =
                    new WaitingInputs(
                            inputs,
                            before,
                            reference.representationShape(),
                            settings.norm(),
                            reference.evaluators().get(0).passRows());
            var rules = new UpdateRules(settings, reference, inputs, calibration, seeds);
            var search = new Search(settings, waiting, seeds::write, found, progress);
            int slots = reference.share(left);
            int workers = Math.min(reference.evaluators().size(), (left + slots - 1) / slots);
            Workers.run(
                    workers,
                    worker ->
                            search.work(
                                    reference.evaluators().get(worker),
                                    rules.of(worker, slots),
                                    slots));
        }
        return found.finish(reference.fakeRelu(), calibration.passes());
    }
}
