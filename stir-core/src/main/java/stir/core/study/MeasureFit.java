package stir.core.study;

import stir.api.Batch;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.extension.MeasureCatalogue;
import stir.core.score.compute.RowMemory;
import stir.core.similarity.MeasureRequirements;
import stir.core.study.plan.Mistake;
import stir.core.study.plan.Places;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.plan.StudyPlan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whether measures and reduction fit the layers of a plan.
 *
 * @param measures those that there are
 * @param plan what is to be done
 */
record MeasureFit(MeasureCatalogue measures, StudyPlan plan) {
    /** What an input becomes at a layer when it is reduced. */
    private record Reduced(int rows, int columns) {}

    /**
     * What does not fit; measures that are unknown have been reported already. Where there are too
     * few inputs for some measures, the others are told, and these that they are not defined.
     */
    List<Mistake> mistakes() {
        var found = new ArrayList<Mistake>();
        var reduced = reduced(found);
        if (found.isEmpty()) {
            var ids = plan.experiment().measures();
            var ofRows = new ArrayList<Mistake>();
            for (int i = 0; i < ids.size(); i++) {
                check(Places.measure(i), ids.get(i), reduced, found, ofRows);
            }
            if (ofRows.size() == ids.size()) {
                found.addAll(ofRows);
            }
        }
        return found;
    }

    private Map<StudiedLayer, Reduced> reduced(List<Mistake> found) {
        var reduced = new LinkedHashMap<StudiedLayer, Reduced>();
        for (var model : plan.models()) {
            for (var layer : model.layers()) {
                try {
                    var one =
                            plan.experiment()
                                    .reduction()
                                    .apply(Batch.allocate(1, layer.shape()), model.layout());
                    reduced.put(
                            new StudiedLayer(model.name(), layer.name()),
                            new Reduced(one.rows(), one.columns()));
                } catch (StirException e) {
                    found.add(
                            new Mistake(
                                    Places.model(model.name()) + ".layers",
                                    layer.name() + ": " + e.getMessage()));
                }
            }
        }
        return reduced;
    }

    private void check(
            String place,
            String id,
            Map<StudiedLayer, Reduced> reduced,
            List<Mistake> found,
            List<Mistake> ofRows) {
        SimilarityMeasure measure;
        try {
            measure = measures.select(List.of(id)).values().iterator().next();
        } catch (UsageException e) { // reported already
            return;
        }
        if (!plan.pairs().isEmpty()
                && plan.pairs().stream().noneMatch(pair -> fits(measure, pair.target(), reduced))) {
            found.add(
                    new Mistake(
                            place,
                            "The measure '%s' of %d inputs takes more than the limit of memory at every pair of layers: allow more memory, %s."
                                    .formatted(
                                            id,
                                            plan.inputs().count(),
                                            measure.accumulatorBytes(1, 1) > 0
                                                    ? "or take layers of fewer features"
                                                    : "give fewer inputs, or take a measure that adds inputs up, such as linear-cka")));
        }
        int rows =
                plan.inputs().count()
                        * reduced.values().stream().mapToInt(Reduced::rows).min().orElse(1);
        MeasureRequirements.unmetRows(measure, rows)
                .ifPresent(
                        unmet ->
                                ofRows.add(
                                        new Mistake(
                                                place,
                                                "The measure '%s' %s".formatted(id, unmet))));
    }

    /** Whether a measure's score of a target can be computed within the limit of memory. */
    private boolean fits(
            SimilarityMeasure measure, StudiedLayer target, Map<StudiedLayer, Reduced> reduced) {
        var one = Objects.requireNonNull(reduced.get(target));
        long memory = plan.experiment().memory();
        long sums = measure.accumulatorBytes(one.columns(), one.columns());
        return (sums > 0 && sums <= memory)
                || new RowMemory(memory)
                        .fits(
                                (long) plan.inputs().count() * one.rows(),
                                one.columns(),
                                one.columns());
    }
}
