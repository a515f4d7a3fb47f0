package stir.core.inversion;

import stir.api.Norm;
import stir.api.UsageException;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * The nearest of some candidates: {@link Optimizer#NEAREST}.
 *
 * @param norm the distance's norm
 * @param candidates what {@link stir.core.inputs.Inputs#open} opens; empty for the inputs
 *     themselves
 * @since 0.1.0
 */
public record NearestNeighbour(Norm norm, Optional<Path> candidates) implements Method {
    /** Checks that nothing is missing. */
    public NearestNeighbour {
        Objects.requireNonNull(norm, "norm");
        Objects.requireNonNull(candidates, "candidates");
    }

    @Override
    public Optimizer optimizer() {
        return Optimizer.NEAREST;
    }

    @Override
    public int iterations() {
        return 0;
    }

    @Override
    public double tolerance() {
        return 0;
    }

    @Override
    public boolean needsGradients() {
        return false;
    }

    @Override
    public NearestNeighbour withIterations(int other) {
        throw new UsageException(
                "The optimizer nearest makes no steps: take another one, or leave the iterations out.");
    }

    @Override
    public boolean stepsEachInput() {
        return false;
    }
}
