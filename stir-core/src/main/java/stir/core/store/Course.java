package stir.core.store;

import java.util.Arrays;

/**
 * The residual of the best invariant input of a row so far, at each of a search's {@link
 * Milestones}. Values have single precision; two courses of the same values are equal.
 */
public final class Course {
    /** Of a search without steps. */
    public static final Course NONE = new Course(new float[0]);

    private final float[] residuals;

    private Course(float[] residuals) {
        this.residuals = residuals;
    }

    /** A course; the values are copied. */
    public static Course of(float... residuals) {
        return new Course(residuals.clone());
    }

    /** The number of milestones. */
    public int size() {
        return residuals.length;
    }

    /** The residual at a milestone, counted from 0. */
    public float at(int milestone) {
        return residuals[milestone];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Course course && Arrays.equals(residuals, course.residuals);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(residuals);
    }

    @Override
    public String toString() {
        return Arrays.toString(residuals);
    }
}
