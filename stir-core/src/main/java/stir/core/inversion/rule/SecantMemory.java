package stir.core.inversion.rule;

/**
 * How much {@link MultiSecant} remembers of an input's way.
 *
 * @param pairs the most pairs
 * @param ageing by what the ridge of a pair grows with each pair that is newer, above 1
 */
record SecantMemory(int pairs, double ageing) {
    /** Little memory, which costs little beside a pass. */
    static final SecantMemory SHORT = new SecantMemory(10, 1.5);

    /**
     * Twice the memory, for steps that are short enough for old rows to hold. In a search of 100
     * long steps it was found to be of no use.
     */
    static final SecantMemory LONG = new SecantMemory(20, 1.2);
}
