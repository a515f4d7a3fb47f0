package stir.core.inversion.rule;

/** What the passes of an input pull back in place of its residual. */
@FunctionalInterface
interface Cotangents {
    /**
     * Writes the cotangent of a pass.
     *
     * @param residual what the representation differs from the target by
     * @param distance the length of that
     * @param cotangent receives it
     */
    void write(float[] residual, double distance, float[] cotangent);
}
