package stir.core.store;

import stir.core.inputs.Inputs;
import stir.core.inversion.Inversion;

/** The outcomes of all inputs of a search; each is set once, by any thread. */
final class RowOutcomes {
    private final double[] residuals;
    private final int[] passes;
    private final double[] moved;

    /** Outcomes that are not known yet. */
    RowOutcomes(int count) {
        residuals = new double[count];
        passes = new int[count];
        moved = new double[count];
    }

    int count() {
        return residuals.length;
    }

    void set(int index, RowOutcome outcome) {
        residuals[index] = outcome.residual();
        passes[index] = outcome.passes();
        moved[index] = outcome.moved();
    }

    RowOutcome get(int index) {
        return new RowOutcome(residuals[index], passes[index], moved[index]);
    }

    /** What these outcomes and their pixels make together; not to be changed any more. */
    Inversion with(Inputs pixels, boolean fakeRelu, int calibrationPasses) {
        return new Inversion(pixels, residuals, passes, moved, fakeRelu, calibrationPasses);
    }
}
