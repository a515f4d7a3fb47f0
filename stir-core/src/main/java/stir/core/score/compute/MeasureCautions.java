package stir.core.score.compute;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import stir.api.Caution;
import stir.api.SimilarityMeasure;
import stir.core.math.statistics.Replicates;

/**
 * The reasons not to trust the values of measures.
 *
 * @param measures the measures by name
 * @param memory the limit of the memory for rows
 */
record MeasureCautions(Map<String, SimilarityMeasure> measures, RowMemory memory) {
    /** Returns the cautions about values and intervals. */
    List<Caution> of(RepresentationPairs pairs) {
        var all = new LinkedHashSet<>(of(pairs.count(), pairs.columnsOfA(), pairs.columnsOfB()));
        var rows = pairs.rowsOfInputs();
        if (rows.most() > 1) {
            Object positions = rows.fewest() == rows.most() ? rows.most() : rows.fewest() + " to " + rows.most();
            all.add(Caution.of("dependent-positions", Map.of("positions", positions)));
        }
        measures.forEach((name, measure) -> ofInterval(name, measure, pairs).ifPresent(all::add));
        if (!memory.fits(pairs) && !allHaveGroups(pairs)) {
            all.add(Caution.of(
                    "rows-exceed-memory",
                    Map.of(
                            "rows", pairs.count(),
                            "features_of_a", pairs.columnsOfA(),
                            "features_of_b", pairs.columnsOfB(),
                            "megabytes", memory.megabytes(pairs),
                            "limit_in_megabytes", memory.limitInMegabytes())));
        }
        return List.copyOf(all);
    }

    /**
     * Returns the cautions about values of representations of these sizes, without those about
     * intervals.
     */
    List<Caution> of(int rows, int columnsOfA, int columnsOfB) {
        var all = new LinkedHashSet<Caution>();
        measures.forEach((name, measure) ->
                measure.cautions(rows, columnsOfA, columnsOfB).forEach(caution -> all.add(caution.about(name))));
        return List.copyOf(all);
    }

    private static Optional<Caution> ofInterval(String name, SimilarityMeasure measure, RepresentationPairs pairs) {
        long fewest = Replicates.fewestInputs(measure);
        if (!measure.hasInterval()) {
            return Optional.of(Caution.of("no-interval", Map.of()).about(name));
        }
        if (pairs.inputs() >= fewest) {
            return Optional.empty();
        }
        if (measure.neighbours() > 0) {
            return Optional.of(Caution.of(
                            "few-inputs-for-neighbours",
                            Map.of("neighbours", measure.neighbours(), "fewest_inputs", fewest))
                    .about(name));
        }
        var few = Caution.of("few-inputs-for-intervals", Map.of("fewest_inputs", fewest));
        return Optional.of(fewest == Replicates.FEWEST_INPUTS ? few : few.about(name));
    }

    /**
     * Returns whether all measures with intervals can compute them although not all rows fit into
     * memory.
     */
    private boolean allHaveGroups(RepresentationPairs pairs) {
        return measures.values().stream()
                .filter(SimilarityMeasure::hasInterval)
                .allMatch(measure -> MeasurePlan.hasGroups(measure, pairs, memory));
    }
}
