package stir.core.inversion.optimizer.gaussnewton;

/** The vectors that the passes of an input pull back in place of its residual. */
@FunctionalInterface
interface Cotangents {
    /**
     * Writes the cotangent of a pass.
     *
     * @param residual the representation minus the target
     * @param distance the length of that
     * @param cotangent receives it
     */
    void write(float[] residual, double distance, float[] cotangent);
}
