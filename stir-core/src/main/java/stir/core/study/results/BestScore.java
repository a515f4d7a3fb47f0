package stir.core.study.results;

import stir.core.study.plan.PlannedPair;

/**
 * The most similar one of several scores by one measure, with the probability that it takes the
 * choice into account.
 *
 * @param measure the measure
 * @param search the name of the search
 * @param repeat the number of the repeat, from 1
 * @param pair the pair of the score
 * @param stir its STIR
 * @param scores the number of scores that it is the best of
 * @param inconclusive the number of these that are inconclusive, of which none is the best
 * @param pValue the probability of a STIR at least as similar if the X' are permuted
 * @param correctedPValue the same, corrected for the number of scores (Holm)
 * @param maximumPValue the same of the maximum of all these scores over the same permutations
 * @since 0.1.0
 */
public record BestScore(
        String measure,
        String search,
        int repeat,
        PlannedPair pair,
        double stir,
        int scores,
        int inconclusive,
        double pValue,
        double correctedPValue,
        double maximumPValue) {}
