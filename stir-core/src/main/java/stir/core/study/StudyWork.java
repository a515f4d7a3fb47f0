package stir.core.study;

/**
 * What a run did, and what it took from earlier ones.
 *
 * @param inversions made
 * @param inversionsReused found
 * @param representations sets of representations that were computed: a layer's, of inputs, seeds or
 *     invariant inputs
 * @param representationsReused found
 * @param comparisons scores and plain similarities that were computed
 * @param comparisonsReused found
 */
public record StudyWork(
        int inversions,
        int inversionsReused,
        int representations,
        int representationsReused,
        int comparisons,
        int comparisonsReused) {}
