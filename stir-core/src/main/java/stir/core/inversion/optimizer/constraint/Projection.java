package stir.core.inversion.optimizer.constraint;

/** The set in which an input's points stay. */
@FunctionalInterface
public interface Projection {
    /** Moves a point into the set if it lies outside. */
    void project(float[] point);
}
