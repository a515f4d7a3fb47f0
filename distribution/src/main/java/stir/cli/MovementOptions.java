package stir.cli;

import picocli.CommandLine.Option;

import stir.core.inversion.Ball;
import stir.core.inversion.Movement;

import java.nio.file.Path;
import java.util.Optional;

/** How a search moves, and where to it may. */
final class MovementOptions {
    @Option(
            names = "--step",
            paramLabel = "LENGTH",
            description = "The length of a step of the optimizer reference (default: 0.5).")
    Optional<Double> step = Optional.empty();

    @Option(
            names = "--momentum",
            paramLabel = "M",
            description = "Its momentum, from 0 to below 1 (default: 0).")
    Optional<Double> momentum = Optional.empty();

    @Option(
            names = "--fourier",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Whether it steps in the scaled Fourier spectrum, which favours low frequencies (default: it does not).")
    Optional<Boolean> fourier = Optional.empty();

    @Option(
            names = "--ball",
            paramLabel = "NORM:RADIUS@CENTRE",
            description =
                    "Keeps every point within a distance, as in l2:0.5@seed or linf:0.1@input.")
    Optional<Ball> ball = Optional.empty();

    @Option(
            names = "--candidates",
            paramLabel = "DIR|FILE",
            description =
                    "What the optimizer nearest chooses from, as --inputs (default: the inputs; an input is never its own neighbour).")
    Optional<Path> candidates = Optional.empty();

    /**
     * What was asked for.
     *
     * @param base what holds where nothing was asked for
     * @throws stir.api.UsageException if a value is out of its range
     */
    Movement movement(Movement base) {
        return new Movement(
                step.orElse(base.step()),
                momentum.orElse(base.momentum()),
                fourier.orElse(base.fourier()),
                ball.or(base::ball));
    }
}
