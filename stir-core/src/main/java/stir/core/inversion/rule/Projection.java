package stir.core.inversion.rule;

/** Where an input's points have to stay. */
@FunctionalInterface
public interface Projection {
    /** Moves a point to where it may be, if it is elsewhere. */
    void project(float[] point);
}
