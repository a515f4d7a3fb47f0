package stir.core.study.run;

import org.jspecify.annotations.Nullable;

import stir.core.extension.catalogue.TermCatalogue;
import stir.core.inversion.search.Inverter;
import stir.core.inversion.search.RunMetadata;
import stir.core.inversion.search.SearchedNetworks;
import stir.core.runtime.progress.ProgressListener;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.ResultStore;

import java.util.Optional;

/** Runs the units of a plan one after the other. Not thread-safe. */
public final class UnitWork implements AutoCloseable {
    private final StudyPlan plan;
    private final ResultStore store;
    private final NetworkPool networks;
    private final ScoreWork scores;
    private final TermCatalogue terms;
    private @Nullable Searched searched;

    /**
     * Creates the work of a plan.
     *
     * @param networks the pool that opens the models; the caller retains ownership
     * @param scores the work that runs units of scores
     * @param terms the terms of objectives
     */
    public UnitWork(
            StudyPlan plan,
            ResultStore store,
            NetworkPool networks,
            ScoreWork scores,
            TermCatalogue terms) {
        this.plan = plan;
        this.store = store;
        this.networks = networks;
        this.scores = scores;
        this.terms = terms;
    }

    /** A reference that is cut for a search and shared by its ranges and repeats. */
    private record Searched(StudiedLayer reference, String search, SearchedNetworks cut) {}

    /** Returns whether the results of a unit are stored. */
    public boolean isDone(Unit unit) {
        if (unit instanceof Unit.Search search) {
            var place = store.search(search.reference(), run(search));
            return place.inversion().isPresent()
                    || place.found(search.from(), search.to()).cardinality()
                            == search.to() - search.from();
        }
        if (unit instanceof Unit.Gather gather) {
            return store.search(gather.reference(), run(gather)).inversion().isPresent();
        }
        return scores.isDone((Unit.Score) unit);
    }

    private SearchRun run(Unit.Search unit) {
        return plan.run(unit.search(), unit.repeat());
    }

    private SearchRun run(Unit.Gather unit) {
        return plan.run(unit.search(), unit.repeat());
    }

    /** Runs a unit, whether or not it was done before. */
    public void run(Unit unit, ProgressListener listener) {
        if (unit instanceof Unit.Search search) {
            search(search, listener);
        } else if (unit instanceof Unit.Gather gather) {
            store.search(gather.reference(), run(gather)).gather();
        } else {
            close(); // scores may open other models
            scores.run((Unit.Score) unit, networks, listener);
        }
    }

    private Inverter inverter(StudiedLayer reference, SearchRun run) {
        var at = searched;
        if (at == null || !at.reference().equals(reference) || !at.search().equals(run.search())) {
            close();
            var open = networks.get(plan.model(reference.model()).model(), plan.inputs());
            at =
                    new Searched(
                            reference,
                            run.search(),
                            SearchedNetworks.of(
                                    open.network().searchedAt(reference.layer()),
                                    plan.inputs(),
                                    open.batchSize(),
                                    run.settings(),
                                    networks));
            if (plan.model(reference.model()).inconsistency().isPresent()) { // and was allowed
                at.cut().ignoreChanges();
            }
            searched = at;
        }
        return new Inverter(run.settings(), at.cut(), plan.inputs(), terms, Optional.empty());
    }

    private void search(Unit.Search unit, ProgressListener listener) {
        var run = run(unit);
        var place = store.search(unit.reference(), run);
        if (place.inversion().isPresent()) {
            return; // a late attempt has nothing to add
        }
        var inverter = inverter(unit.reference(), run);
        var cut = searched;
        var metadata =
                new RunMetadata(
                        cut != null && cut.cut().reference().fakeRelu(),
                        plan.model(unit.reference().model()).machine());
        try (var found = place.open(unit.from(), unit.to(), metadata, listener::note)) {
            inverter.search(unit.from(), unit.to(), found, listener);
        }
    }

    /** Closes the current reference network. Idempotent. */
    @Override
    public void close() {
        var last = searched;
        searched = null;
        if (last != null) {
            last.cut().close();
        }
    }
}
