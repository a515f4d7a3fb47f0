package stir.core.score.compute;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import stir.api.Batch;
import stir.api.Matrix;
import stir.api.Norm;
import stir.core.inputs.Inputs;
import stir.core.io.files.Sha256;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.PairValues;
import stir.core.math.linalg.RowSource;
import stir.core.math.random.KeyedRandom;
import stir.core.math.statistics.Quantiles;
import stir.core.score.Acceptance;
import stir.core.score.Acceptance.DifferentInputs;

/**
 * The reader of a reference's representations of different inputs: all pairs of some inputs. Inputs
 * with the same bits are not different.
 *
 * @param inputs all inputs, with their labels if they have any
 * @param norm the norm of distances between representations
 */
record DifferentInputsReader(Inputs inputs, Representations representations, Norm norm) {
    /**
     * The maximum number of inputs that are paired with each other, which have 20,022 ordered
     * pairs.
     */
    static final int MOST = 142;

    /** The key of the random choice of the inputs. */
    private static final long CHOICE = 0;

    /**
     * The different inputs, and the distance that decides.
     *
     * @param inputs the quantiles over all their pairs
     * @param threshold the residual below which an invariant input is accepted, as {@link
     *     Acceptance#threshold}
     */
    record DifferentPairs(DifferentInputs inputs, double threshold) {}

    /**
     * Returns the quantiles over all ordered pairs of at most {@link #MOST} inputs.
     *
     * @param memory the limit that the inputs' representations have to fit into
     * @param rngSeed the key of the random numbers for the choice among more inputs
     * @return empty if no two different inputs have a finite distance
     */
    Optional<DifferentPairs> read(RowMemory memory, long rngSeed) {
        int size = representations.shape().size();
        int count = Math.min(Math.min(MOST, inputs.count()), memory.rows(size));
        if (count < 2) {
            return Optional.empty();
        }
        int[] chosen = KeyedRandom.choice(rngSeed, CHOICE, count, inputs.count());
        var rows = Batch.allocate(count, representations.shape());
        representations.read(chosen, rows);
        return new Pairs(chosen, rows).quantiles();
    }

    /** The pairs of the chosen inputs. */
    private final class Pairs {
        private final int[] chosen;
        private final Batch rows;
        private final Map<Integer, String> hashes = new HashMap<>();

        Pairs(int[] chosen, Batch rows) {
            this.chosen = chosen;
            this.rows = rows;
        }

        Optional<DifferentPairs> quantiles() {
            int count = chosen.length;
            var matrix = Matrix.of(count, rows.rowSize(), rows.toArray());
            var norms = new double[count];
            norm.norms(rows, norms);
            var distances = distances(matrix);
            var all = DoubleStream.builder();
            var sameClass = DoubleStream.builder();
            for (int i = 0, at = 0; i < count; i++) {
                for (int j = i + 1; j < count; j++, at++) {
                    double distance = distances[at];
                    if (distance == 0 && isSame(i, j)) {
                        continue;
                    }
                    boolean same = isSameClass(i, j);
                    for (double relative : new double[] {distance / norms[i], distance / norms[j]}) {
                        if (Double.isFinite(relative)) {
                            all.add(relative);
                            if (same) {
                                sameClass.add(relative);
                            }
                        }
                    }
                }
            }
            var relative = all.build().toArray();
            double threshold = Quantiles.of(DoubleStream.of(relative)
                            .filter(distance -> distance > 0)
                            .toArray())
                    .map(Quantiles::p5)
                    .orElse(0.0);
            return Quantiles.of(relative)
                    .map(relativeDistances -> new DifferentInputs(
                            count,
                            relative.length,
                            relativeDistances,
                            Quantiles.of(correlations(matrix, distances)),
                            Quantiles.of(sameClass.build().toArray())))
                    .map(different -> new DifferentPairs(different, threshold));
        }

        /** Returns the distance of each pair, in the order of {@link PairValues}. */
        private double[] distances(Matrix matrix) {
            if (norm.equals(Norm.L2)) {
                return PairValues.squaredDistances(RowSource.of(matrix))
                        .map(Math::sqrt)
                        .values();
            }
            int count = chosen.length;
            var distances = new double[count * (count - 1) / 2];
            var one = new double[1];
            for (int i = 0, at = 0; i < count; i++) {
                for (int j = i + 1; j < count; j++, at++) {
                    norm.distances(rows.slice(i, i + 1), rows.slice(j, j + 1), one);
                    distances[at] = one[0];
                }
            }
            return distances;
        }

        /** Returns the correlation of each pair of different inputs whose rows vary. */
        private double[] correlations(Matrix matrix, double[] distances) {
            var constant = MappedRows.nearlyCentred(RowSource.of(matrix))
                    .empty()
                    .boxed()
                    .collect(Collectors.toSet());
            int[] varied = IntStream.range(0, chosen.length)
                    .filter(i -> !constant.contains(i))
                    .toArray();
            if (varied.length < 2) {
                return new double[0];
            }
            var pairs = PairValues.correlationDistances(
                    MappedRows.nearlyCentred(RowSource.of(constant.isEmpty() ? matrix : matrix.select(varied))));
            var correlations = DoubleStream.builder();
            for (int i = 0; i < varied.length; i++) {
                for (int j = i + 1; j < varied.length; j++) {
                    double correlation = 1 - pairs.get(i, j);
                    int at = index(varied[i], varied[j]);
                    if (Double.isFinite(correlation) && !(distances[at] == 0 && isSame(varied[i], varied[j]))) {
                        correlations.add(correlation);
                        correlations.add(correlation); // of the pair in the other order
                    }
                }
            }
            return correlations.build().toArray();
        }

        /** Returns the index of a pair's value; i is less than j. */
        private int index(int i, int j) {
            return i * (2 * chosen.length - i - 1) / 2 + j - i - 1;
        }

        /** Returns whether two inputs have the same bits. */
        private boolean isSame(int i, int j) {
            return hash(i).equals(hash(j));
        }

        private String hash(int i) {
            return hashes.computeIfAbsent(i, unused -> {
                var digest = Sha256.digest();
                digest.update(inputs.read(chosen[i], 1).bytes());
                return Sha256.hex(digest);
            });
        }

        private boolean isSameClass(int i, int j) {
            var label = inputs.facts().label(chosen[i]);
            return label.isPresent() && label.equals(inputs.facts().label(chosen[j]));
        }
    }
}
