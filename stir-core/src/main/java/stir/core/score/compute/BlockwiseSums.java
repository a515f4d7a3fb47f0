package stir.core.score.compute;

import stir.api.BackendException;
import stir.api.SimilarityMeasure;
import stir.api.support.IoReason;
import stir.core.math.statistics.Replicates;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The sums of measures over all inputs, added block by block in the order of the blocks.
 *
 * @param measures the measures by name
 * @param groups the number of groups that rows are divided into, by the name of each summed measure
 */
record BlockwiseSums(
        Map<String, SimilarityMeasure> measures,
        Map<String, Integer> groups,
        RepresentationPairs pairs) {
    /**
     * Adds the blocks that a source has.
     *
     * @param rngSeed the key of the random numbers for the division into groups; needed where there
     *     are several
     */
    Map<String, MeasureSums> add(BlockSums source, Optional<Long> rngSeed) {
        if (groups.isEmpty()) {
            return Map.of();
        }
        boolean divides = groups.values().stream().anyMatch(count -> count > 1);
        var groupOf =
                divides ? Replicates.groupOf(pairs.count(), rngSeed.orElseThrow()) : new int[0];
        var all = empty();
        for (int block = 0; (long) block * BlockSums.INPUTS < pairs.inputs(); block++) {
            int from = block * BlockSums.INPUTS;
            source.of(pairs.what() + "/" + groups, block, () -> block(groupOf, from))
                    .ifPresent(found -> merge(all, found));
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

    private byte[] block(int[] groupOf, int from) {
        var block = empty();
        int to = (int) Math.min(pairs.inputs(), (long) from + BlockSums.INPUTS);
        int[] row = {pairs.rowsOfInputs().start(from)};
        pairs.forEachFinitePart(
                from,
                to,
                (a, b) -> {
                    block.values().forEach(sum -> sum.add(a, b, groupOf, row[0]));
                    row[0] += a.rows();
                });
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            for (var sum : block.values()) {
                sum.writeTo(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail so
        }
        return bytes.toByteArray();
    }

    private static void merge(Map<String, MeasureSums> all, byte[] block) {
        try (var in = new DataInputStream(new ByteArrayInputStream(block))) {
            for (var sum : all.values()) {
                sum.merge(in);
            }
        } catch (IOException e) {
            throw new BackendException(
                    "The sums of a block of inputs can't be read (%s): run the same command again."
                            .formatted(IoReason.of(e)),
                    e);
        }
    }
}
