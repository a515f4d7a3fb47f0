package stir.core.score;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The target's response to one invariant input of the reference.
 *
 * @param targetMoved the relative distance {@code ||t(x') - t(x)|| / ||t(x)||}, in the norm of the
 *     inversion: 0 if the target represents the two equally; empty if {@code t(x)} is zero
 * @param classBefore the class that the target predicts for x, from 0; empty if there is no
 *     prediction
 * @param classAfter the class that it predicts for x'; empty if {@code classBefore} is
 * @param pointwise the pointwise similarity: whether the target places x' among all invariant
 *     inputs as it places x among the inputs, from -1 to 1. It is the cosine of row i of both Gram
 *     matrices of the centred representations (PNKA; Kolling et al. 2023, Pointwise
 *     representational similarity, equation 1); empty if a row is 0, or if the representations
 *     exceed the limit of memory
 * @since 0.1.0
 */
@JsonFormat(shape = JsonFormat.Shape.ARRAY)
public record InputOutcome(
        OptionalDouble targetMoved, OptionalInt classBefore, OptionalInt classAfter, OptionalDouble pointwise) {
    /** Returns whether the two classes are present and equal. */
    public boolean agrees() {
        return classBefore.isPresent() && classBefore.equals(classAfter);
    }
}
