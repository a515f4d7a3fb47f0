package stir.core.study;

/**
 * The counts of a run.
 *
 * @param inversions that were computed
 * @param inversionsReused from earlier runs
 * @param comparisons scores and plain similarities that were computed
 * @param comparisonsReused from earlier runs
 * @since 0.1.0
 */
public record StudyWork(
        int inversions, int inversionsReused, int comparisons, int comparisonsReused) {}
