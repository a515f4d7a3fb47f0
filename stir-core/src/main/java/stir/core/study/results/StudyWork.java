package stir.core.study.results;

/**
 * The counts of a run.
 *
 * @param inversions the number of inversions that were computed
 * @param inversionsReused the number of inversions that earlier runs had stored
 * @param comparisons scores and similarities that were computed
 * @param comparisonsReused the number of comparisons that earlier runs had stored
 * @since 0.1.0
 */
public record StudyWork(int inversions, int inversionsReused, int comparisons, int comparisonsReused) {}
