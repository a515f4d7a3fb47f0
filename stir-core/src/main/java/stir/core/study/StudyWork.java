package stir.core.study;

/**
 * What a run did, and what it took from earlier ones.
 *
 * @param inversions made
 * @param inversionsReused found
 * @param comparisons scores and plain similarities that were computed
 * @param comparisonsReused found
 * @since 0.1.0
 */
public record StudyWork(
        int inversions, int inversionsReused, int comparisons, int comparisonsReused) {}
