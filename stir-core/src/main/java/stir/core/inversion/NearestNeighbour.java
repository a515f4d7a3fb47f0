package stir.core.inversion;

import java.nio.file.Path;
import java.util.Optional;
import stir.api.Norm;

/**
 * The nearest candidate, or the candidate that is given for each input: {@link
 * Optimizer#CANDIDATES}.
 *
 * @param norm the norm of the relative distance
 * @param candidates a file or folder that {@link stir.core.inputs.Inputs#open} opens; empty for the
 *     inputs themselves
 * @param paired whether each input has a single candidate, at the same index
 * @since 0.1.0
 */
public record NearestNeighbour(Norm norm, Optional<Path> candidates, boolean paired) implements Method {
    @Override
    public Optimizer optimizer() {
        return Optimizer.CANDIDATES;
    }

    @Override
    public boolean needsGradients() {
        return false;
    }
}
