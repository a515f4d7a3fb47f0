package stir.core.math.linalg;

/**
 * The innermost loops of matrix products: they add terms to some rows of the result, two of which
 * are stored {@link Tile#SIZE} apart in one array.
 *
 * <p>Both forms add the terms in one order, so that the result does not depend on the division of
 * the work. The compilers of Java 17 and 25 turn exactly this form into vector instructions: two
 * rows a constant distance apart and three terms; other numbers of rows or terms are up to five
 * times slower. The loop over pairs of rows belongs to the form, since the inner loop may not be
 * vectorised if it is inlined into more loops.
 */
enum TileKernel {
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
                separate(
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
                    sum[j] += p * b[j];
                    sum[j + Tile.SIZE] += q * b[j];
                }
            }
        }
    };

    /** The kernel for this processor. */
    static final TileKernel BEST = fusedIsFast() ? FUSED : SEPARATE;

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

    /** Adds one term; otherwise as {@link #addThree}. */
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
            sum[j] = Math.fma(p2, z, Math.fma(p1, y, Math.fma(p0, x, sum[j])));
            sum[j + Tile.SIZE] =
                    Math.fma(q2, z, Math.fma(q1, y, Math.fma(q0, x, sum[j + Tile.SIZE])));
        }
    }

    private static void separate(
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
            sum[j] = sum[j] + p0 * x + p1 * y + p2 * z;
            sum[j + Tile.SIZE] = sum[j + Tile.SIZE] + q0 * x + q1 * y + q2 * z;
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
