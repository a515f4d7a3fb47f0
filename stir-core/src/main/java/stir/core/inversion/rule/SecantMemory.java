package stir.core.inversion.rule;

/**
 * How much {@link MultiSecant} remembers of an input's way.
 *
 * @param pairs the most pairs
 * @param ageing by what the ridge of a pair grows with each pair that is newer, above 1
 */
record SecantMemory(int pairs, double ageing) {
    /**
     * At narrow layers. More pairs bring more on smooth networks, less between kinks, and take more
     * time.
     */
    private static final SecantMemory LONG = new SecantMemory(25, 1.15);

    /** At wide layers, where residuals are not preconditioned and pixels move by themselves. */
    private static final SecantMemory LONGEST = new SecantMemory(40, 1.15);

    /** In a metric, of images that are large: each pair holds as many values as an input. */
    private static final SecantMemory SHORT = new SecantMemory(20, 1.2);

    /**
     * In a metric, with many iterations: most steps are so small that a pair holds for more of
     * them, which is worth the memory.
     */
    private static final SecantMemory LASTING = new SecantMemory(40, 1.1);

    /** More iterations than this are many. */
    private static final int MANY_ITERATIONS = 500;

    /**
     * That of a layer.
     *
     * @param isWide whether it is wider than what pairs can tell of
     * @param takesMetric whether steps are taken in the metric
     * @param iterations the steps of an input
     */
    static SecantMemory of(boolean isWide, boolean takesMetric, int iterations) {
        if (takesMetric) {
            return iterations > MANY_ITERATIONS ? LASTING : SHORT;
        }
        return isWide ? LONGEST : LONG;
    }
}
