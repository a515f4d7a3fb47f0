package stir.core.inversion.optimizer.reference;

import stir.core.inversion.optimizer.Pass;

/** A source of distances and their gradients: {@link Pass#ofDistance}, or an estimate. */
@FunctionalInterface
interface DistanceGradients {
    /** Writes each row's distance from its target, and its gradient by the pixels. */
    void differentiate(Pass pass);
}
