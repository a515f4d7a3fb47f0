package stir.core.score.compute;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import stir.api.SimilarityMeasure;
import stir.core.math.statistics.Replicates;

/**
 * The sums of measures over all inputs, added block by block in the order of the blocks.
 *
 * @param measures the measures by name
 * @param groups the number of groups that rows are divided into, by the name of each summed measure
 */
record BlockwiseSums(Map<String, SimilarityMeasure> measures, Map<String, Integer> groups, RepresentationPairs pairs) {
    /** The number of inputs of a block, except the last one. */
    static final int INPUTS = 1 << 14;

    /**
     * Returns the sums of each measure.
     *
     * @param rngSeed the key of the random numbers for the division into groups; needed where there
     *     are several
     */
    Map<String, MeasureSums> add(Optional<Long> rngSeed) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        boolean divides = groups.values().stream().anyMatch(count -> count > 1);
        var groupOf = divides ? Replicates.groupOf(pairs.count(), rngSeed.orElseThrow()) : new int[0];
        var all = empty();
        for (int block = 0; (long) block * INPUTS < pairs.inputs(); block++) {
            int from = block * INPUTS;
            var sums = block(groupOf, from);
            all.forEach((name, sum) -> sum.merge(Objects.requireNonNull(sums.get(name))));
        }
        return all;
    }

    private Map<String, MeasureSums> empty() {
        var all = new LinkedHashMap<String, MeasureSums>();
        int ofA = pairs.columnsOfA();
        int ofB = pairs.columnsOfB();
        for (var one : groups.entrySet()) {
            var measure = Objects.requireNonNull(measures.get(one.getKey()));
            all.put(one.getKey(), new MeasureSums(measure, ofA, ofB, one.getValue()));
        }
        return all;
    }

    private Map<String, MeasureSums> block(int[] groupOf, int from) {
        var block = empty();
        int to = (int) Math.min(pairs.inputs(), (long) from + INPUTS);
        int[] row = {pairs.rowsOfInputs().start(from)};
        pairs.forEachFinitePart(from, to, (a, b) -> {
            block.values().forEach(sum -> sum.add(a, b, groupOf, row[0]));
            row[0] += a.rows();
        });
        return block;
    }
}
