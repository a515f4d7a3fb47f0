package stir.core.measure;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import stir.api.DataException;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.PairValues;

/**
 * Centred kernel nearest-neighbour alignment: CKA of the cosine kernels, restricted to pairs in
 * which one input is among the {@code k} nearest of the other in both representations.
 *
 * <pre>HSIC_1(M K, M L) / sqrt(HSIC_1(M_A K, M_A K) HSIC_1(M_B L, M_B L))</pre>
 *
 * with the masks M_A and M_B of the neighbours in each representation, and M of those in both. 1
 * for equal representations, near 0 for independent ones, and unbounded. Not quite symmetric, since
 * one input may be among the nearest of another without the reverse. Unchanged by rotation and by
 * scaling each row. {@code epsilon} is added to the denominator, whose terms are HSIC_1 itself:
 * 1e-6 reproduces the published code, in which equal representations have slightly less than 1.
 * Source: Huh, Cheung, Wang and Isola 2024, The platonic representation hypothesis, appendix A.
 *
 * <p>With that epsilon it agrees with the six digits of the published code for four pairs of
 * matrices; no other implementation is known.
 */
public final class Cknna extends NeighbourMeasure {
    private final double epsilon;

    public Cknna() {
        this(K.andNonNegative("epsilon", "added to the denominator", 0));
    }

    private Cknna(Parameters parameters) {
        super(
                "cknna",
                "CKA of cosine kernels at mutual nearest neighbours (Huh et al. 2024)",
                new Scale(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, true),
                parameters,
                Cknna::new);
        epsilon = parameters.number("epsilon");
    }

    @Override
    public boolean isSymmetric() {
        return false;
    }

    @Override
    double value(Matrix a, Matrix b) {
        var distancesOfA = Dissimilarity.COSINE.of(id(), a, "first");
        var distancesOfB = Dissimilarity.COSINE.of(id(), b, "second");
        var neighboursOfA = neighbours(distancesOfA);
        var neighboursOfB = neighbours(distancesOfB);
        var inBoth = new int[neighboursOfA.length][];
        for (int i = 0; i < inBoth.length; i++) {
            var others = neighboursOfB[i];
            inBoth[i] = IntStream.of(neighboursOfA[i])
                    .filter(j -> position(j, others) >= 0)
                    .toArray();
        }
        double both = Masked.of(inBoth, distancesOfA).unbiased(Masked.of(inBoth, distancesOfB));
        double ofA = self(neighboursOfA, distancesOfA, "first");
        double ofB = self(neighboursOfB, distancesOfB, "second");
        return both / (Math.sqrt(ofA) * Math.sqrt(ofB) + epsilon);
    }

    private double self(int[][] neighbours, PairValues distances, String which) {
        var masked = Masked.of(neighbours, distances);
        double self = masked.unbiased(masked);
        if (self <= 0) {
            throw new DataException(
                    "'cknna' is not defined, because the neighbours in the %s representation have no structure: use more inputs or another k."
                            .formatted(which));
        }
        return self;
    }

    /** A sparse matrix: the cosines of an input and some others. */
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Masked(int[][] columns, double[][] values) {
        static Masked of(int[][] columns, PairValues distances) {
            var values = new double[columns.length][];
            for (int i = 0; i < values.length; i++) {
                int row = i;
                values[i] = IntStream.of(columns[i])
                        .mapToDouble(j -> 1 - distances.get(row, j))
                        .toArray();
            }
            return new Masked(columns, values);
        }

        /** Returns HSIC_1 as published, for matrices that need not be symmetric. */
        double unbiased(Masked other) {
            double n = columns.length;
            double transposedDot = 0;
            double sum = 0;
            double otherSum = 0;
            var columnSums = new double[columns.length];
            var otherRowSums = new double[columns.length];
            for (int i = 0; i < columns.length; i++) {
                for (int at = 0; at < columns[i].length; at++) {
                    int j = columns[i][at];
                    int reverse = position(i, other.columns[j]);
                    transposedDot += reverse < 0 ? 0 : values[i][at] * other.values[j][reverse];
                    columnSums[j] += values[i][at];
                    sum += values[i][at];
                }
                otherRowSums[i] = DoubleStream.of(other.values[i]).sum();
                otherSum += otherRowSums[i];
            }
            double products = 0;
            for (int i = 0; i < columns.length; i++) {
                products += columnSums[i] * otherRowSums[i];
            }
            return (transposedDot + sum * otherSum / ((n - 1) * (n - 2)) - 2 * products / (n - 2)) / (n * (n - 3));
        }
    }
}
