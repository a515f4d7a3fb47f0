package stir.core.network.pass;

/**
 * Bilinear resampling of one axis with pixel centres at half-integers, as a sparse matrix: each
 * output value is a weighted mean of a run of input values. Where an axis shrinks, the triangle is
 * widened by the factor (antialiasing), which is what Pillow and torch's {@code antialias=True}
 * compute. The transposed matrix is the derivative.
 */
final class Resampling {
    private final int[] first;
    private final double[][] weights;

    Resampling(int from, int to) {
        double scale = (double) from / to;
        double support = Math.max(scale, 1);
        first = new int[to];
        weights = new double[to][];
        for (int i = 0; i < to; i++) {
            double centre = (i + 0.5) * scale;
            int low = Math.max(0, (int) Math.floor(centre - support + 0.5));
            int high = Math.min(from, (int) Math.floor(centre + support + 0.5));
            first[i] = low;
            weights[i] = new double[high - low];
            double sum = 0;
            for (int j = low; j < high; j++) {
                double weight = Math.max(0, 1 - Math.abs((j + 0.5 - centre) / support));
                weights[i][j - low] = weight;
                sum += weight;
            }
            for (int j = 0; j < weights[i].length; j++) {
                weights[i][j] /= sum;
            }
        }
    }

    /** {@code into[outer, to, inner] = resampled from[outer, from, inner]}. */
    void apply(float[] values, float[] into, int outer, int from, int inner) {
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < first.length; i++) {
                for (int k = 0; k < inner; k++) {
                    double sum = 0;
                    for (int j = 0; j < weights[i].length; j++) {
                        sum += weights[i][j] * values[(o * from + first[i] + j) * inner + k];
                    }
                    into[(o * first.length + i) * inner + k] = (float) sum;
                }
            }
        }
    }

    /**
     * Adds the transposed map of {@code gradients[outer, to, inner]} to {@code into[outer, from,
     * inner]}.
     */
    void applyTransposed(float[] gradients, float[] into, int outer, int from, int inner) {
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < first.length; i++) {
                for (int j = 0; j < weights[i].length; j++) {
                    double weight = weights[i][j];
                    int target = (o * from + first[i] + j) * inner;
                    int source = (o * first.length + i) * inner;
                    for (int k = 0; k < inner; k++) {
                        into[target + k] += (float) (weight * gradients[source + k]);
                    }
                }
            }
        }
    }
}
