package stir.backend.onnx;

/**
 * The computation of a program.
 *
 * @param kind the inputs and outputs
 * @param order the norm's order, for a distance
 */
record Pass(Kind kind, double order) {
    /** The kinds of passes. */
    enum Kind {
        /** Inputs to representations. */
        REPRESENT,
        /** Inputs and cotangents to gradients. */
        PULLBACK,
        /** Inputs and targets to distances and gradients. */
        DISTANCE
    }

    static final Pass REPRESENTATION = new Pass(Kind.REPRESENT, 0);
    static final Pass PULL = new Pass(Kind.PULLBACK, 0);

    static Pass distance(double order) {
        return new Pass(Kind.DISTANCE, order);
    }
}
