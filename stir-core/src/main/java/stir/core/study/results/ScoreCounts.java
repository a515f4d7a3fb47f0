package stir.core.study.results;

/**
 * The numbers of scores of a statement about several of them.
 *
 * @param scores the number of scores that it is about
 * @param inconclusive the number of those that are {@linkplain
 *     stir.core.score.DirectedScore#isLeftOut inconclusive and left out}
 * @param used the number of scores that it is computed from: fewer than the others if whole networks
 *     are left out, so that each target that is left has a score given each reference
 * @since 0.1.0
 */
public record ScoreCounts(int scores, int inconclusive, int used) {
    /** Returns the counts in words; empty if all scores are used: {@code 6 of 12 scores, 4 inconclusive}. */
    public String text() {
        return used == scores ? "" : "%d of %d scores, %d inconclusive".formatted(used, scores, inconclusive);
    }
}
