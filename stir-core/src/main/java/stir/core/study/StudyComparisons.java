package stir.core.study;

import stir.api.Scope;
import stir.api.SimilarityMeasure;
import stir.core.score.ScoreSettings;
import stir.core.score.compute.Direction;
import stir.core.score.compute.PredictedClasses;
import stir.core.score.compute.Representations;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;

/**
 * Compares what is stored; needs no model. What is there and depends on the same is not computed
 * again.
 */
final class StudyComparisons {
    private final StudyStore store;
    private final StudyNeeds needs;
    private final Map<String, SimilarityMeasure> measures;
    private final RunLog log;
    private final Map<Shown.Invariant, Map<String, Double>> ceilings = new HashMap<>();
    private final Map<StudiedLayer, Map<SearchRun, Map<String, Double>>> floors = new HashMap<>();
    private int computed;
    private int reused;

    /**
     * Comparisons that are not made yet.
     *
     * @param measures by what the experiment calls them
     */
    StudyComparisons(
            StudyStore store,
            StudyNeeds needs,
            Map<String, SimilarityMeasure> measures,
            RunLog log) {
        this.store = store;
        this.needs = needs;
        this.measures = measures;
        this.log = log;
    }

    int computed() {
        return computed;
    }

    int reused() {
        return reused;
    }

    private Direction direction(
            PlannedPair pair, ScoreSettings settings, Consumer<String> cautions) {
        return Direction.of(
                pair.target().toString(),
                pair.reference().toString(),
                store.plan().inputs().count(),
                settings,
                measures,
                cautions);
    }

    private static void checkInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("The study was interrupted");
        }
    }

    /** The plain similarities of all pairs. */
    List<StudySimilarity> similarities() {
        var similarities = new ArrayList<StudySimilarity>();
        for (var pair : store.plan().pairs()) {
            var file = store.folder().similarity(pair);
            var key = store.keys().ofSimilarity(pair);
            var stored = StudyStore.result(file, key).map(ScoreDocument::similarity);
            if (stored.isPresent()) {
                reused++;
                similarities.add(stored.get());
                continue;
            }
            checkInterrupted();
            var similarity = similarity(pair);
            StudyStore.writeResult(file, key, ScoreDocument.of(similarity));
            similarities.add(similarity);
            computed++;
        }
        return similarities;
    }

    private StudySimilarity similarity(PlannedPair pair) {
        var cautions = new LinkedHashSet<String>();
        var search = store.plan().experiment().searches().get(0);
        var settings = store.plan().experiment().scoring(search);
        try (var target = store.representations(pair.target(), Shown.INPUTS);
                var reference = store.representations(pair.reference(), Shown.INPUTS)) {
            return new StudySimilarity(
                    pair.reference(),
                    pair.target(),
                    direction(pair, settings, cautions::add).similarity(target, reference),
                    List.copyOf(cautions));
        }
    }

    /** The scores of all pairs, searches and repeats. */
    List<StudyScore> scores() {
        var scores = new ArrayList<StudyScore>();
        for (var pair : store.plan().pairs()) {
            for (var run : needs.runs()) {
                var file = store.folder().score(pair, run);
                var key = store.keys().ofScore(pair, run);
                var stored = StudyStore.result(file, key).map(ScoreDocument::score);
                if (stored.isPresent()) {
                    reused++;
                    scores.add(stored.get());
                    continue;
                }
                checkInterrupted();
                var score = score(pair, run);
                StudyStore.writeResult(file, key, ScoreDocument.of(score));
                scores.add(score);
                computed++;
            }
        }
        log.step(
                "comparisons: %d (%d computed now, %d reused)"
                        .formatted(computed + reused, computed, reused));
        return scores;
    }

    private StudyScore score(PlannedPair pair, SearchRun run) {
        var cautions = new LinkedHashSet<String>();
        var search = new StudiedSearch(run.search().name(), run.settings());
        var settings = store.plan().experiment().scoring(search);
        var direction = direction(pair, settings, cautions::add);
        var shown = new Shown.Invariant(pair.reference(), run);
        var ceiling = ceilings.get(shown);
        try (var scope = new Scope()) {
            if (ceiling == null) {
                ceiling =
                        direction.values(
                                open(scope, pair.reference(), Shown.INPUTS),
                                open(scope, pair.reference(), shown));
                ceilings.put(shown, ceiling);
            }
            var residuals = store.residuals(pair.reference(), run);
            var floor = floor(direction, pair.target(), run);
            var found =
                    direction.score(
                            open(scope, pair.target(), Shown.INPUTS),
                            open(scope, pair.target(), shown),
                            residuals,
                            ceiling,
                            floor,
                            classes(scope, pair.target(), shown));
            var all = new ArrayList<Double>();
            for (double residual : residuals) {
                all.add(residual);
            }
            return new StudyScore(
                    pair.reference(),
                    pair.target(),
                    run.search().name(),
                    run.repeat(),
                    run.settings().rngSeed(),
                    found.stir(),
                    ceiling,
                    floor,
                    found.shuffled(),
                    found.baselineCorrected(),
                    found.converged(),
                    all,
                    found.outcomes(),
                    List.copyOf(cautions));
        }
    }

    private Map<String, Double> floor(Direction direction, StudiedLayer target, SearchRun run) {
        var ofTarget = floors.computeIfAbsent(target, unused -> new HashMap<>());
        var known = ofTarget.get(run);
        if (known != null) {
            return known;
        }
        try (var scope = new Scope()) {
            var floor =
                    direction.values(
                            open(scope, target, Shown.INPUTS),
                            open(scope, target, new Shown.Seeds(run)));
            ofTarget.put(run, floor);
            return floor;
        }
    }

    private Representations open(Scope scope, StudiedLayer at, Shown shown) {
        return scope.own(store.representations(at, shown));
    }

    private Optional<PredictedClasses> classes(Scope scope, StudiedLayer target, Shown shown) {
        return store.plan()
                .layer(target)
                .classLayer()
                .map(
                        name -> {
                            var at = new StudiedLayer(target.model(), name);
                            return new PredictedClasses(
                                    name, open(scope, at, Shown.INPUTS), open(scope, at, shown));
                        });
    }
}
