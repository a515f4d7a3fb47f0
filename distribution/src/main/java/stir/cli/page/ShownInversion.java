package stir.cli.page;

import stir.core.inversion.Inversion;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The invariant inputs of a layer.
 *
 * @param reference the index of the layer
 * @param run the index of the search's repeat
 * @param inversion the result of the search
 */
record ShownInversion(int reference, int run, Inversion inversion) {
    /** Returns the residual of each input. */
    List<Double> residuals() {
        return IntStream.range(0, inversion.count()).mapToObj(inversion::residual).toList();
    }
}
