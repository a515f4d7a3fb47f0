package stir.core.math.linalg;

/**
 * The innermost loops of squared Euclidean distances, in the form of {@link TileKernel} but with
 * the squares of differences as terms. A term does not depend on the order of the two rows, and all
 * terms are added in one order.
 */
enum DifferenceKernel {
    /** Uses the processor's fused multiply-add. */
    FUSED {
        @Override
        void addThree(
                double[][] a,
                int from,
                int to,
                int k,
                double[] b0,
                double[] b1,
                double[] b2,
                int first,
                int columns,
                double[][] sums) {
            for (int i = from; i < to; i++) {
                var p = a[2 * i];
                var q = a[2 * i + 1];
                fused(
                        p[k], p[k + 1], p[k + 2], q[k], q[k + 1], q[k + 2], b0, b1, b2, first,
                        columns, sums[i]);
            }
        }

        @Override
        void addOne(
                double[][] a,
                int from,
                int to,
                int k,
                double[] b,
                int first,
                int columns,
                double[][] sums) {
            for (int i = from; i < to; i++) {
                double p = a[2 * i][k];
                double q = a[2 * i + 1][k];
                var sum = sums[i];
                for (int j = first; j < columns; j++) {
                    double ofP = p - b[j];
                    double ofQ = q - b[j];
                    sum[j] = Math.fma(ofP, ofP, sum[j]);
                    sum[j + Tile.SIZE] = Math.fma(ofQ, ofQ, sum[j + Tile.SIZE]);
                }
            }
        }
    },

    /** Multiplies and adds separately, for processors without fused multiply-add. */
    SEPARATE {
        @Override
        void addThree(
                double[][] a,
                int from,
                int to,
                int k,
                double[] b0,
                double[] b1,
                double[] b2,
                int first,
                int columns,
                double[][] sums) {
            addOne(a, from, to, k, b0, first, columns, sums);
            addOne(a, from, to, k + 1, b1, first, columns, sums);
            addOne(a, from, to, k + 2, b2, first, columns, sums);
        }

        @Override
        void addOne(
                double[][] a,
                int from,
                int to,
                int k,
                double[] b,
                int first,
                int columns,
                double[][] sums) {
            for (int i = from; i < to; i++) {
                double p = a[2 * i][k];
                double q = a[2 * i + 1][k];
                var sum = sums[i];
                for (int j = first; j < columns; j++) {
                    double ofP = p - b[j];
                    double ofQ = q - b[j];
                    sum[j] += ofP * ofP;
                    sum[j + Tile.SIZE] += ofQ * ofQ;
                }
            }
        }
    };

    /** The kernel for this processor. */
    static final DifferenceKernel BEST = TileKernel.BEST == TileKernel.FUSED ? FUSED : SEPARATE;

    /** Adds three terms; the parameters are those of {@link TileKernel#addThree}. */
    abstract void addThree(
            double[][] a,
            int from,
            int to,
            int k,
            double[] b0,
            double[] b1,
            double[] b2,
            int first,
            int columns,
            double[][] sums);

    /** Adds one term. */
    abstract void addOne(
            double[][] a,
            int from,
            int to,
            int k,
            double[] b,
            int first,
            int columns,
            double[][] sums);

    private static void fused(
            double p0,
            double p1,
            double p2,
            double q0,
            double q1,
            double q2,
            double[] b0,
            double[] b1,
            double[] b2,
            int first,
            int columns,
            double[] sum) {
        for (int j = first; j < columns; j++) {
            double x = b0[j];
            double y = b1[j];
            double z = b2[j];
            double p = Math.fma(p0 - x, p0 - x, sum[j]);
            p = Math.fma(p1 - y, p1 - y, p);
            sum[j] = Math.fma(p2 - z, p2 - z, p);
            double q = Math.fma(q0 - x, q0 - x, sum[j + Tile.SIZE]);
            q = Math.fma(q1 - y, q1 - y, q);
            sum[j + Tile.SIZE] = Math.fma(q2 - z, q2 - z, q);
        }
    }
}
