package stir.core.study.run;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import stir.core.inputs.Rows;
import stir.core.inversion.Inversion;
import stir.core.inversion.search.SeedSource;
import stir.core.score.StudiedLayer;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.SearchRun;
import stir.core.study.plan.StudyPlan;
import stir.core.study.plan.Unit;
import stir.core.study.store.CacheKeys;
import stir.core.study.store.ResultStore;

/**
 * Parts of a unit of scores that read the same rows besides the inputs, so that the target computes
 * their representations once.
 *
 * @param path the rows' name in paths
 * @param shown the rows: seeds or invariant inputs
 * @param parts the parts, in the order of their results
 */
record PartGroup(String path, Supplier<Rows> shown, List<ScorePart> parts) {
    /** Divides the unit of a plan; the ceilings and floors of a model belong to its unit with itself. */
    static List<PartGroup> of(Unit.Score unit, StudyPlan plan, ResultStore store, CacheKeys keys) {
        var pairs = plan.pairs(unit.target(), unit.reference());
        boolean isOwn = unit.target().equals(unit.reference());
        var ceilings = isOwn ? plan.references(unit.target()) : List.<StudiedLayer>of();
        var floors = isOwn ? plan.targets(unit.target()) : List.<StudiedLayer>of();
        var groups = new ArrayList<PartGroup>();
        groups.add(similarities(pairs, keys));
        var references = new LinkedHashSet<>(ceilings);
        pairs.forEach(pair -> references.add(pair.reference()));
        for (var run : plan.runs()) {
            groups.add(floors(floors, run, plan, keys));
            for (var at : references) {
                groups.add(scores(at, run, ceilings.contains(at), pairs, plan, store, keys));
            }
        }
        return groups;
    }

    private static PartGroup similarities(List<PlannedPair> pairs, CacheKeys keys) {
        var parts = new ArrayList<ScorePart>();
        for (var pair : pairs) {
            parts.add(new ScorePart.Similarity(pair, keys.ofSimilarity(pair), keys.intervalSeed()));
        }
        return new PartGroup(
                "",
                () -> {
                    throw new IllegalStateException("Similarities read the inputs alone");
                },
                parts);
    }

    private static PartGroup floors(List<StudiedLayer> layers, SearchRun run, StudyPlan plan, CacheKeys keys) {
        var parts = new ArrayList<ScorePart>();
        for (var at : layers) {
            parts.add(new ScorePart.Floor(at, run, keys.ofFloor(at, run)));
        }
        var settings = run.settings();
        return new PartGroup(
                "seeds/" + run.search() + "/repeat-" + run.repeat(),
                () -> new SeedSource(settings.seed(), settings.rngSeed(), plan.inputs())::write,
                parts);
    }

    private static PartGroup scores(
            StudiedLayer at,
            SearchRun run,
            boolean hasCeiling,
            List<PlannedPair> pairs,
            StudyPlan plan,
            ResultStore store,
            CacheKeys keys) {
        Supplier<Inversion> inversion = () -> store.search(at, run).inversion().orElseThrow();
        var path = "invariant/%s/%s/%s/repeat-%d"
                .formatted(at.model(), at.layer().replaceAll("[^A-Za-z0-9._@#-]", "_"), run.search(), run.repeat());
        var parts = new ArrayList<ScorePart>();
        if (hasCeiling) {
            var spec = plan.model(at.model()).model().spec();
            parts.add(new ScorePart.Ceiling(
                    at,
                    run,
                    keys.ofCeiling(at, run),
                    plan.layer(at).classLayer(),
                    spec.moreLayers().isEmpty() && spec.references().isEmpty(),
                    plan.inputs(),
                    inversion));
        }
        for (var pair : pairs) {
            if (pair.reference().equals(at)) {
                var classLayer = plan.layer(pair.target()).classLayer();
                var cacheKey = keys.ofScore(pair, run);
                parts.add(new ScorePart.Score(pair, run, cacheKey, classLayer, plan.inputs(), path, inversion));
            }
        }
        return new PartGroup(path, () -> inversion.get().invariantInputs(), parts);
    }
}
