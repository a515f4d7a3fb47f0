package stir.core.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import stir.api.Batch;
import stir.api.SimilarityMeasure;
import stir.api.StirException;
import stir.api.UsageException;
import stir.core.extension.catalogue.MeasureCatalogue;
import stir.core.measure.MeasureRequirements;
import stir.core.score.StudiedLayer;
import stir.core.score.compute.RowMemory;
import stir.core.study.names.Locations;
import stir.core.study.plan.PlannedLayer;
import stir.core.study.plan.PlannedModel;
import stir.core.study.plan.Problem;
import stir.core.study.plan.StudyPlan;

/**
 * The validation of a plan's measures and reduction against its layers.
 *
 * @param measures all measures
 * @param plan the plan
 */
record MeasureValidation(MeasureCatalogue measures, StudyPlan plan) {
    /** The rows and columns of one input at a layer after the reduction. */
    private record Reduced(int rows, int columns) {}

    /**
     * Returns the problems; unknown measures have been reported already. Too few inputs are a
     * problem only if they are too few for all measures: otherwise the others are computed.
     */
    List<Problem> problems() {
        var problems = new ProblemCollector();
        var reduced = new LinkedHashMap<StudiedLayer, Reduced>();
        for (var model : plan.models()) {
            for (var layer : model.layers()) {
                var at = new StudiedLayer(model.name(), layer.name());
                reduced(problems, model, layer).ifPresent(one -> reduced.put(at, one));
            }
        }
        if (!problems.all().isEmpty()) {
            return problems.all();
        }
        var ids = plan.experiment().measures();
        var ofRows = new ProblemCollector();
        for (int i = 0; i < ids.size(); i++) {
            var place = Locations.measure(i);
            var id = ids.get(i);
            var measure = known(id);
            measure.flatMap(one -> excess(one, id, reduced)).ifPresent(sentence -> problems.add(place, sentence));
            measure.flatMap(one -> MeasureRequirements.unmetRows(one, rows(reduced)))
                    .map(unmet -> "The measure '%s' %s".formatted(id, unmet))
                    .ifPresent(sentence -> ofRows.add(place, sentence));
        }
        if (ofRows.all().size() == ids.size()) {
            problems.addAll(ofRows.all());
        }
        return problems.all();
    }

    private Optional<Reduced> reduced(ProblemCollector problems, PlannedModel model, PlannedLayer layer) {
        try {
            var one = Batch.allocate(1, layer.shape());
            var lengths = plan.inputs().facts().lengths();
            var matrix = plan.experiment().reduction().apply(one, model.layout(), lengths);
            int rows = plan.experiment()
                    .reduction()
                    .rows(plan.inputs().count(), layer.shape(), model.layout(), lengths)
                    .rows();
            return Optional.of(new Reduced(rows, matrix.columns()));
        } catch (StirException e) {
            problems.add(Locations.model(model.name()) + ".layers", layer.name() + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<SimilarityMeasure> known(String id) {
        try {
            return Optional.of(measures.select(List.of(id)).values().iterator().next());
        } catch (UsageException e) { // reported already
            return Optional.empty();
        }
    }

    private int rows(Map<StudiedLayer, Reduced> reduced) {
        return reduced.values().stream()
                .mapToInt(Reduced::rows)
                .min()
                .orElse(plan.inputs().count());
    }

    /** Returns the problem that a measure needs too much memory at all pairs, with a remedy. */
    private Optional<String> excess(SimilarityMeasure measure, String id, Map<StudiedLayer, Reduced> reduced) {
        if (plan.pairs().isEmpty() || plan.pairs().stream().anyMatch(pair -> fits(measure, pair.target(), reduced))) {
            return Optional.empty();
        }
        return Optional.of(
                "The measure '%s' of %d inputs exceeds the memory limit at every pair of layers: allow more memory, %s."
                        .formatted(
                                id,
                                plan.inputs().count(),
                                measure.accumulatorBytes(1, 1) > 0
                                        ? "or choose layers with fewer features"
                                        : "give fewer inputs, or use a measure that adds inputs up, such as linear-cka"));
    }

    /** Returns whether a measure's score of a target can be computed within the limit of memory. */
    private boolean fits(SimilarityMeasure measure, StudiedLayer target, Map<StudiedLayer, Reduced> reduced) {
        var one = Objects.requireNonNull(reduced.get(target));
        long memory = plan.experiment().memory();
        long sums = measure.accumulatorBytes(one.columns(), one.columns());
        return (sums > 0 && sums <= memory) || new RowMemory(memory).fits(one.rows(), one.columns(), one.columns());
    }
}
