package stir.core.study.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import stir.api.Batch;
import stir.api.Scale;
import stir.core.inversion.search.CheckpointSchedule;
import stir.core.inversion.search.RowLayout;
import stir.core.inversion.search.SearchInMemory;
import stir.core.inversion.search.SearchStore;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.results.StudyResults;

/** A store of results in memory. */
public final class MemoryStore implements ResultStore {
    private final StudyPlan plan;
    private final Map<List<Object>, SearchStore> searches = new HashMap<>();
    private final Map<List<String>, ScoreBlock> blocks = new HashMap<>();

    /** Creates a store without results. */
    public MemoryStore(StudyPlan plan) {
        this.plan = plan;
    }

    @Override
    public void prepare(Map<String, Scale> measures, String command, boolean replaces, boolean mixes) {}

    @Override
    public void join(Map<String, Scale> measures, boolean mixes) {}

    @Override
    public List<String> otherSearches() {
        return List.of();
    }

    @Override
    public SearchStore search(StudiedLayer reference, SearchRun run) {
        return searches.computeIfAbsent(
                List.of(reference, run.search(), run.repeat()),
                unused -> new SearchInMemory(RowLayout.of(plan.inputs(), CheckpointSchedule.of(run.settings()))));
    }

    @Override
    public ScoreBlock scores(String target, String reference) {
        return blocks.getOrDefault(List.of(target, reference), ScoreBlock.empty(target, reference));
    }

    @Override
    public void write(ScoreBlock block) {
        blocks.put(List.of(block.target(), block.reference()), block);
    }

    @Override
    public void write(StudyResults results) {}

    @Override
    public boolean keepsRepresentations() {
        return false;
    }

    @Override
    public void keep(StudiedLayer at, String shown, Batch representations) {
        throw new IllegalStateException("Representations are not kept in memory");
    }
}
