package stir.core.score;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The pointwise similarities of the inputs of one class: whether as much of the target
 * survives for this class as for the others.
 *
 * @param label the class, from 0
 * @param inputs the number of its inputs
 * @param pointwise the mean of their pointwise similarities, from -1 to 1
 * @param others the mean of the pointwise similarities of all other inputs
 * @param pValue the probability, if labels did not matter, that any class differs from the others
 *     as much as this one does: corrected for the number of classes (the largest difference under
 *     permuted labels; Westfall and Young 1993)
 * @since 0.1.0
 */
public record ClassOutcome(
        int label,
        int inputs,
        double pointwise,
        double others,
        @JsonProperty("p") double pValue) {}
