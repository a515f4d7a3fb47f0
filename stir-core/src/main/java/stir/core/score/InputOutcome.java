package stir.core.score;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the target makes of one invariant input of the reference.
 *
 * @param targetMoved the relative distance {@code ||t(x') - t(x)|| / ||t(x)||}, by the norm of the
 *     inversion: 0 where the target sees no difference either; empty if {@code t(x)} is zero
 * @param classBefore the class that the target predicts for x, from 0; empty if none can be told
 * @param classAfter the class that it predicts for x'; empty where {@code classBefore} is
 * @since 0.1.0
 */
public record InputOutcome(
        OptionalDouble targetMoved, OptionalInt classBefore, OptionalInt classAfter) {
    /** Whether both classes are told, and are the same. */
    public boolean agrees() {
        return classBefore.isPresent() && classBefore.equals(classAfter);
    }
}
