package stir.core.measure;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import stir.api.Caution;
import stir.api.Matrix;
import stir.api.Scale;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.SymmetricEigen;

/**
 * The multi-scale intrinsic distance (IMD): the largest difference, over times, of the share of
 * heat that remains at its origin when it spreads over the graph of nearest neighbours.
 *
 * <pre>10^6 max over t of exp(-2(t + 1/t)) | h_A(t) - h_B(t) |,   h(t) = 1/n sum_i exp(-t lambda_i)
 * </pre>
 *
 * with the eigenvalues {@code lambda_i} of the normalised Laplacian of the graph in which two
 * inputs are joined if one is among the {@code k} nearest of the other, by Euclidean distance, and
 * 256 times from 0.1 to 10, evenly on a logarithmic scale, as in the published code, its factor
 * included. The published code estimates {@code h} with random vectors; here all eigenvalues are
 * computed, and its values converge to these with the number of vectors.
 *
 * <p>A distance from 0 to 18316, which is {@code 10^6 exp(-4)}; usually below 100. It compares two
 * point clouds, not single inputs: a permutation of the inputs of one representation changes
 * nothing, so that the permutation floor is the value itself, and 0 does not mean that two
 * representations are similar. Unchanged by rotation, translation and isotropic scaling. Source:
 * Tsitsulin, Munkhoeva, Mottin, Karras, Bronstein, Oseledets and Mueller 2020, The shape of data:
 * intrinsic distance for data distributions (ICLR), and its code.
 *
 * <p>Time grows with the third power of the inputs, of which there may be at most 5000. Accurate to
 * 1e-9, as {@linkplain stir.core.measure the package} defines.
 */
public final class IntrinsicDistance extends BuiltInMeasure {
    private static final int MAX_ROWS = 5000;
    private static final int TIMES = 256;
    private static final double UNIT = 1e6;

    private final int k;

    public IntrinsicDistance() {
        this(Parameters.NONE.andInteger("k", "the number of neighbours in the graph", 5, 1));
    }

    private IntrinsicDistance(Parameters parameters) {
        super(
                Family.TOPOLOGY,
                "imd",
                "Multi-scale intrinsic distance (Tsitsulin et al. 2020)",
                Scale.distance(UNIT * Math.exp(-4)),
                parameters,
                IntrinsicDistance::new);
        k = parameters.integer("k");
    }

    @Override
    public int neighbours() {
        return k;
    }

    /** Returns {@code k + 2}, since with k other inputs or fewer all inputs are joined. */
    @Override
    public int minimumRows() {
        return Math.addExact(k, 2);
    }

    @Override
    public List<Caution> cautions(int rows, int columnsOfA, int columnsOfB) {
        return 2L * k >= rows
                ? List.of(Caution.of("graphs-join-half", Map.of("inputs", rows, "neighbours", k)))
                : List.of();
    }

    @Override
    double value(Matrix a, Matrix b) {
        checkAtMost(MAX_ROWS, a.rows(), "inputs");
        var ofA = spectrum(a, "first");
        var ofB = spectrum(b, "second");
        return UNIT
                * IntStream.range(0, TIMES)
                        .mapToDouble(i -> Math.pow(10, 2.0 * i / (TIMES - 1) - 1))
                        .map(t -> Math.exp(-2 * (t + 1 / t)) * Math.abs(remainingHeat(ofA, t) - remainingHeat(ofB, t)))
                        .max()
                        .orElseThrow();
    }

    private double[] spectrum(Matrix x, String which) {
        varying(x, which);
        return SymmetricEigen.values(
                laplacian(NeighbourMeasure.neighbours(Dissimilarity.SQUARED_EUCLIDEAN.of(id(), x, which), k)));
    }

    /**
     * Returns I - D^-1/2 J D^-1/2, where the adjacency matrix J is 1 where two inputs are joined,
     * and D are its row sums.
     */
    private static DenseMatrix laplacian(int[][] neighbours) {
        int size = neighbours.length;
        var laplacian = DenseMatrix.zeros(size, size);
        for (int i = 0; i < size; i++) {
            for (int j : neighbours[i]) {
                laplacian.set(i, j, -1);
                laplacian.set(j, i, -1);
            }
        }
        var degrees = new double[size];
        for (int i = 0; i < size; i++) {
            for (double joined : laplacian.row(i)) {
                degrees[i] -= joined;
            }
        }
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < size; j++) {
                double scaled = laplacian.get(i, j) / Math.sqrt(degrees[i] * degrees[j]);
                laplacian.set(i, j, i == j ? 1 : scaled);
            }
        }
        return laplacian;
    }

    /** Returns the mean share of heat that remains at its origin after a time. */
    private static double remainingHeat(double[] spectrum, double time) {
        double sum = 0;
        for (double eigenvalue : spectrum) {
            sum += Math.exp(-time * eigenvalue);
        }
        return sum / spectrum.length;
    }
}
