package stir.core.math.linalg;

/**
 * The innermost loops of matrix products and of squared Euclidean distances: they add terms to some
 * rows of the result, two of which are stored {@link Tile#SIZE} apart in one array.
 *
 * <p>All forms add the terms in one order, so that the result does not depend on the division of
 * the work; the square of a difference does not depend on the order of the two rows. The compilers
 * of Java 17 and 25 turn exactly this form into vector instructions: two rows a constant distance
 * apart and three terms; other numbers of rows or terms are up to five times slower. The loop over
 * pairs of rows belongs to the form, since the inner loop may not be vectorised if it is inlined
 * into more loops.
 */
enum TileKernel {
    /** Adds products by the processor's fused multiply-add. */
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
                products(p[k], p[k + 1], p[k + 2], q[k], q[k + 1], q[k + 2], b0, b1, b2, first, columns, sums[i]);
            }
        }

        @Override
        void addOne(double[][] a, int from, int to, int k, double[] b, int first, int columns, double[][] sums) {
            for (int i = from; i < to; i++) {
                double p = a[2 * i][k];
                double q = a[2 * i + 1][k];
                var sum = sums[i];
                for (int j = first; j < columns; j++) {
                    sum[j] = Math.fma(p, b[j], sum[j]);
                    sum[j + Tile.SIZE] = Math.fma(q, b[j], sum[j + Tile.SIZE]);
                }
            }
        }
    },

    /**
     * Multiplies and adds separately, for processors without fused multiply-add, where {@link
     * Math#fma} is a thousand times slower.
     */
    SEPARATE {
        @Override
        void addOne(double[][] a, int from, int to, int k, double[] b, int first, int columns, double[][] sums) {
            for (int i = from; i < to; i++) {
                double p = a[2 * i][k];
                double q = a[2 * i + 1][k];
                var sum = sums[i];
                for (int j = first; j < columns; j++) {
                    sum[j] += p * b[j];
                    sum[j + Tile.SIZE] += q * b[j];
                }
            }
        }
    },

    /** Adds squares of differences by the processor's fused multiply-add. */
    FUSED_SQUARES {
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
                squares(p[k], p[k + 1], p[k + 2], q[k], q[k + 1], q[k + 2], b0, b1, b2, first, columns, sums[i]);
            }
        }

        @Override
        void addOne(double[][] a, int from, int to, int k, double[] b, int first, int columns, double[][] sums) {
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

    /** Squares differences and adds separately. */
    SEPARATE_SQUARES {
        @Override
        void addOne(double[][] a, int from, int to, int k, double[] b, int first, int columns, double[][] sums) {
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

    /** The kernel of products for this processor. */
    static final TileKernel PRODUCTS = fusedIsFast() ? FUSED : SEPARATE;

    /** The kernel of squared differences for this processor. */
    static final TileKernel SQUARES = PRODUCTS == FUSED ? FUSED_SQUARES : SEPARATE_SQUARES;

    /**
     * Adds three terms.
     *
     * @param a rows of the left factor, two for each pair of rows of the result
     * @param from the first pair
     * @param to the pair after the last one
     * @param k the first term
     * @param b0 the right factor's row of the first term; the next ones follow
     * @param first the first column of the result to compute
     * @param columns the number of columns of the result
     * @param sums pairs of rows of the result
     */
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

    /** Adds one term; otherwise as {@link #addThree}. */
    abstract void addOne(double[][] a, int from, int to, int k, double[] b, int first, int columns, double[][] sums);

    private static void products(
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
            sum[j] = Math.fma(p2, z, Math.fma(p1, y, Math.fma(p0, x, sum[j])));
            sum[j + Tile.SIZE] = Math.fma(q2, z, Math.fma(q1, y, Math.fma(q0, x, sum[j + Tile.SIZE])));
        }
    }

    private static void squares(
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

    /**
     * Returns whether the processor has a fused multiply-add, which Java does not report: without,
     * a call goes through BigDecimal and takes microseconds; with it, some tens of nanoseconds
     * before it is compiled. The shortest of several runs is used, so that a busy machine is not
     * taken for an old one.
     */
    private static boolean fusedIsFast() {
        int calls = 50;
        long shortest = Long.MAX_VALUE;
        double sum = 0.1;
        for (int run = 0; run < 10; run++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                sum = Math.fma(sum, 0.3, 0.7);
            }
            shortest = Math.min(shortest, System.nanoTime() - start);
        }
        return sum > 0 && shortest < calls * 1_000L;
    }
}
