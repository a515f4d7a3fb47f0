package stir.core.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the comparisons of a plan need to be stored.
 *
 * @param runs the repeats of all searches
 * @param representations what each layer has to be shown, layers that tell classes included
 */
record StudyNeeds(List<SearchRun> runs, Map<StudiedLayer, Set<Shown>> representations) {
    static StudyNeeds of(StudyPlan plan) {
        var runs = new ArrayList<SearchRun>();
        for (var search : plan.experiment().searches()) {
            for (int repeat = 1; repeat <= plan.experiment().repeats(); repeat++) {
                runs.add(new SearchRun(search, repeat));
            }
        }
        var needs = new StudyNeeds(runs, new LinkedHashMap<>());
        plan.pairs().forEach(pair -> needs.add(plan, pair));
        return needs;
    }

    private void add(StudyPlan plan, PlannedPair pair) {
        of(pair.reference()).add(Shown.INPUTS);
        of(pair.target()).add(Shown.INPUTS);
        for (var run : runs) {
            of(pair.target()).add(new Shown.Seeds(run));
            var invariant = new Shown.Invariant(pair.reference(), run);
            of(pair.reference()).add(invariant); // the ceiling
            of(pair.target()).add(invariant);
            classes(plan, pair.target())
                    .forEach(
                            layer -> {
                                of(layer).add(Shown.INPUTS);
                                of(layer).add(invariant);
                            });
        }
    }

    private static List<StudiedLayer> classes(StudyPlan plan, StudiedLayer target) {
        return plan
                .layer(target)
                .classLayer()
                .map(name -> new StudiedLayer(target.model(), name))
                .stream()
                .toList();
    }

    private Set<Shown> of(StudiedLayer layer) {
        return representations.computeIfAbsent(layer, unused -> new LinkedHashSet<>());
    }

    /** All that a model is shown, each with the layers that look at it. */
    Map<Shown, List<String>> of(PlannedModel model) {
        var shown = new LinkedHashMap<Shown, List<String>>();
        representations.forEach(
                (at, all) -> {
                    if (at.model().equals(model.name())) {
                        all.forEach(
                                one ->
                                        shown.computeIfAbsent(one, unused -> new ArrayList<>())
                                                .add(at.layer()));
                    }
                });
        return shown;
    }
}
