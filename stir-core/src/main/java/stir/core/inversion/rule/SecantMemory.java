package stir.core.inversion.rule;

/**
 * How much {@link MultiSecant} remembers of an input's way.
 *
 * @param pairs the most pairs
 * @param ageing by what the ridge of a pair grows with each pair that is newer, above 1
 */
record SecantMemory(int pairs, double ageing) {
    /**
     * Where pixels move by themselves. More pairs bring more on smooth networks, and take more
     * time.
     */
    static final SecantMemory LONG = new SecantMemory(25, 1.15);

    /** In a metric, of images that are large: each pair holds as many values as an input. */
    static final SecantMemory SHORT = new SecantMemory(20, 1.2);
}
