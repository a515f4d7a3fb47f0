package stir.core.study;

import stir.api.Batch;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.Stir;
import stir.core.extension.MeasureCatalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether measures and reduction fit the layers of a plan.
 *
 * @param stir knows the measures
 * @param plan what is to be done
 */
record MeasureFit(Stir stir, StudyPlan plan) {
    /** What an input becomes at a layer when it is reduced. */
    private record Reduced(int rows, int columns) {}

    /** What does not fit; measures that are unknown are not told again. */
    List<Mistake> mistakes() {
        var found = new ArrayList<Mistake>();
        var reduced = reduced(found);
        if (found.isEmpty()) {
            checkRows(reduced, found);
            var ids = plan.experiment().measures();
            for (int i = 0; i < ids.size(); i++) {
                check(Places.measure(i), ids.get(i), reduced, found);
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

    private void checkRows(Map<StudiedLayer, Reduced> reduced, List<Mistake> found) {
        plan.pairs().stream()
                .filter(
                        pair ->
                                of(reduced, pair.reference()).rows()
                                        != of(reduced, pair.target()).rows())
                .findFirst()
                .ifPresent(
                        pair ->
                                found.add(
                                        new Mistake(
                                                Places.REDUCTION,
                                                "The reduction '%s' compares position with position, but %s has %d and %s has %d: take another reduction, or name pairs of like positions."
                                                        .formatted(
                                                                plan.experiment()
                                                                        .reduction()
                                                                        .word(),
                                                                pair.reference(),
                                                                of(reduced, pair.reference())
                                                                        .rows(),
                                                                pair.target(),
                                                                of(reduced, pair.target())
                                                                        .rows()))));
    }

    private static Reduced of(Map<StudiedLayer, Reduced> reduced, StudiedLayer layer) {
        return reduced.getOrDefault(layer, new Reduced(1, 1));
    }

    private void check(
            String place, String id, Map<StudiedLayer, Reduced> reduced, List<Mistake> found) {
        SimilarityMeasure measure;
        try {
            measure =
                    new MeasureCatalogue(stir.extensions())
                            .select(List.of(id))
                            .values()
                            .iterator()
                            .next();
        } catch (UsageException e) { // told already
            return;
        }
        int rows =
                plan.inputs().count()
                        * reduced.values().stream().mapToInt(Reduced::rows).min().orElse(1);
        if (rows < measure.minimumRows()) {
            found.add(
                    new Mistake(
                            place,
                            "The measure '%s' needs at least %d inputs, but there are %d: give more inputs."
                                    .formatted(id, measure.minimumRows(), rows)));
        }
        if (measure.needsEqualWidths()) {
            plan.pairs().stream()
                    .filter(
                            pair ->
                                    of(reduced, pair.reference()).columns()
                                            != of(reduced, pair.target()).columns())
                    .findFirst()
                    .ifPresent(
                            pair ->
                                    found.add(
                                            new Mistake(
                                                    place,
                                                    "The measure '%s' compares representations of one width, but %s has %d features and %s has %d: choose another measure, or name pairs of one width."
                                                            .formatted(
                                                                    id,
                                                                    pair.reference(),
                                                                    of(reduced, pair.reference())
                                                                            .columns(),
                                                                    pair.target(),
                                                                    of(reduced, pair.target())
                                                                            .columns()))));
        }
    }
}
