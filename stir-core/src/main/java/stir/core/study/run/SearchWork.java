package stir.core.study.run;

import java.util.Optional;
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

/** Searches for the invariant inputs of ranges of inputs. */
public final class SearchWork implements StageWork<Unit.Search>, AutoCloseable {
    private final StudyPlan plan;
    private final ResultStore store;
    private final NetworkPool networks;
    private final TermCatalogue terms;
    private @Nullable CutReference searched;

    /** A reference that is cut for a search and shared by its ranges and repeats. */
    private record CutReference(StudiedLayer reference, String search, SearchedNetworks cut) {}

    /** Creates the work of a plan. */
    public SearchWork(StudyPlan plan, ResultStore store, NetworkPool networks, TermCatalogue terms) {
        this.plan = plan;
        this.store = store;
        this.networks = networks;
        this.terms = terms;
    }

    @Override
    public boolean isMissing(Unit.Search unit) {
        var place = store.search(unit.reference(), plan.run(unit.search(), unit.repeat()));
        return place.inversion().isEmpty()
                && place.finished(unit.from(), unit.to()).cardinality() < unit.to() - unit.from();
    }

    @Override
    public void run(Unit.Search unit, ProgressListener listener) {
        var run = plan.run(unit.search(), unit.repeat());
        var place = store.search(unit.reference(), run);
        if (place.inversion().isPresent()) {
            return; // a late attempt has nothing to add
        }
        var cut = cut(unit.reference(), run);
        var inverter = new Inverter(run.settings(), cut, plan.inputs(), terms, Optional.empty());
        var metadata = new RunMetadata(
                cut.reference().fakeRelu(), plan.model(unit.reference().model()).machine());
        try (var rows = place.open(unit.from(), unit.to(), metadata, listener::note)) {
            inverter.search(unit.from(), unit.to(), rows, listener);
        }
    }

    private SearchedNetworks cut(StudiedLayer reference, SearchRun run) {
        var last = searched;
        if (last != null && last.reference().equals(reference) && last.search().equals(run.search())) {
            return last.cut();
        }
        close();
        var planned = plan.model(reference.model());
        var open = networks.get(planned.model(), plan.inputs());
        var cut = SearchedNetworks.of(
                open.network().searchedAt(reference.layer()),
                plan.inputs(),
                open.batchSize(),
                run.settings(),
                networks);
        if (planned.inconsistency().isPresent()) { // and was allowed
            cut.ignoreChanges();
        }
        searched = new CutReference(reference, run.search(), cut);
        return cut;
    }

    /** Closes the layer hooks of the last search. Idempotent. */
    @Override
    public void close() {
        var last = searched;
        searched = null;
        if (last != null) {
            last.cut().close();
        }
    }
}
