package stir.core.inversion.search;

import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import stir.api.UsageException;
import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inputs.Inputs;
import stir.core.inputs.Rows;
import stir.core.inversion.GradientDescent;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Method;
import stir.core.inversion.NearestNeighbour;
import stir.core.network.pass.CutNetwork;
import stir.core.runtime.progress.ProgressListener;
import stir.core.runtime.work.SearchProgress;
import stir.core.runtime.work.Workers;

/**
 * A search for the invariant inputs of a reference, for ranges of the inputs. The result of an
 * input depends neither on the range nor on earlier results.
 */
public final class Inverter {
    private final InversionSettings settings;
    private final SearchedNetworks networks;
    private final CutNetwork reference;
    private final Inputs inputs;
    private final TermCatalogue terms;
    private final SeedSource seeds;
    private final Optional<Rows> starts;

    /**
     * Creates a search with the application's terms of objectives.
     *
     * @param settings the settings of the search
     * @param networks the reference and others; the caller retains ownership
     * @param inputs all inputs of the search
     */
    public Inverter(InversionSettings settings, SearchedNetworks networks, Inputs inputs) {
        this(settings, networks, inputs, TermCatalogue.ofApplication(), Optional.empty());
    }

    /**
     * Creates a search.
     *
     * @param settings the settings of the search
     * @param networks the reference and others; the caller retains ownership
     * @param inputs all inputs of the search
     * @param terms the available terms of objectives
     * @param starts the first points of the inputs, if not their seeds: points in [0,1], such as
     *     the results of another search. The distance that an input moved is measured from its seed
     * @throws UsageException if the objective has another term, or one that is not defined for the
     *     inputs
     */
    public Inverter(
            InversionSettings settings,
            SearchedNetworks networks,
            Inputs inputs,
            TermCatalogue terms,
            Optional<Rows> starts) {
        this.settings = settings;
        this.terms = terms;
        this.networks = networks;
        this.reference = networks.reference();
        this.inputs = inputs;
        this.seeds = new SeedSource(settings.seed(), settings.rngSeed(), inputs);
        this.starts = starts.or(seeds::starts);
        if (settings.method() instanceof GradientDescent descent) {
            for (var term : descent.objective().terms()) {
                terms.check(term.id(), term.parameters(), inputs.shape());
            }
        }
    }

    /**
     * Finds an invariant input for each input of a range that has none yet.
     *
     * @param from the first input
     * @param to the end of the range
     * @param store the store of the results; the caller retains ownership
     * @param listener the listener that receives the progress
     * @throws stir.api.DataException if a network has changed: all rows of the range are deleted
     */
    public void search(int from, int to, FinishedRows store, ProgressListener listener) {
        check(from, to);
        var before = store.finished();
        if (before.nextClearBit(from) >= to) {
            return;
        }
        if (!(settings.method() instanceof Method.Stepwise) || to - from > reference.passRows()) {
            // else the first pass of the queue checks all
            InputQueue.check(reference, inputs, from, to, settings.norm());
        }
        if (settings.method() instanceof NearestNeighbour nearest) {
            new NearestNeighbours(nearest, reference, inputs).find(from, to, store, listener);
        } else {
            move(from, to, before, store, listener);
        }
        var refusal = networks.change();
        if (refusal.isPresent()) {
            store.discard();
            throw refusal.get();
        }
    }

    private void check(int from, int to) {
        if (from < 0 || from > to || to > inputs.count()) {
            throw new IllegalArgumentException("no range of inputs: " + from + " to " + to);
        }
    }

    private String name() {
        return reference.network().name();
    }

    private void move(int from, int to, BitSet before, FinishedRows store, ProgressListener listener) {
        int left = to - from - before.get(from, to).cardinality();
        var progress = new SearchProgress("Inverting " + name(), (long) left * (settings.iterations() + 1), listener);
        var queue = new InputQueue(
                inputs, from, to, before, reference.representationShape(), settings.norm(), reference.passRows());
        var rules = new UpdateRules(settings, networks, inputs, terms, seeds);
        var search = new Search(settings, queue, seeds::write, starts, store, progress);
        var plan = WorkerPlan.of(
                rules.workers(reference),
                reference.share(left),
                left,
                reference.passRows(),
                rules.bytesPerInput(),
                Runtime.getRuntime().maxMemory());
        Workers.run(
                plan.workers(),
                worker ->
                        search.work(reference.evaluators().get(worker), rules.of(worker, plan.slots()), plan.slots()));
    }

    /** Finds an invariant input for each input, and returns them in memory. */
    public Inversion invert(ProgressListener listener) {
        var layout = RowLayout.of(inputs, CheckpointSchedule.of(settings));
        var place = new SearchInMemory(layout);
        var metadata = new RunMetadata(reference.fakeRelu(), Map.of());
        try (var store = place.open(0, inputs.count(), metadata, listener::note)) {
            search(0, inputs.count(), store, listener);
        }
        return place.gather();
    }
}
