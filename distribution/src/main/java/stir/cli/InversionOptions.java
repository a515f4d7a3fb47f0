package stir.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

import stir.api.Norm;
import stir.api.UsageException;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.Optimizer;
import stir.core.inversion.Preset;
import stir.core.inversion.Seed;

import java.util.Optional;

/** How invariant inputs are searched for. */
final class InversionOptions {
    @Option(
            names = "--preset",
            paramLabel = "NAME",
            description =
                    "Settings of papers: reference (default), reg-free, freq, tv or jones; other options change single ones.")
    Preset preset = Preset.REFERENCE;

    @Option(
            names = "--optimizer",
            paramLabel = "NAME",
            description =
                    "The search's rule (default: reference); `reference` is the published algorithm, step for step; `fast` remembers Jacobian rows for Gauss-Newton steps (norm 2 only); `thorough` takes them until an input is found; `nearest` takes the nearest of --candidates instead.")
    Optional<Optimizer> optimizer = Optional.empty();

    @Option(
            names = "--until-converged",
            description =
                    "Searches until each input is found within --tolerance, or for 1000 iterations; stuck ones begin again from other seeds: short for --optimizer thorough.")
    boolean untilConverged;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            description =
                    "The most steps for each input (default: the optimizer's own; reference and thorough: 1000, fast: 100).")
    Optional<Integer> iterations = Optional.empty();

    @Option(
            names = "--tolerance",
            paramLabel = "R",
            description =
                    "The relative distance at which an input is found and leaves the search (default: 0, all steps are made; thorough: 0.005).")
    Optional<Double> tolerance = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "KIND",
            description =
                    "Where the search begins: super-noise (default), one-noise, uniform, light-noise[:DEVIATION], constant:VALUE, white, black, other-input, other-class (needs labels), or a file or folder of seeds.")
    Optional<Seed> seed = Optional.empty();

    @Option(
            names = "--rng-seed",
            paramLabel = "N",
            description =
                    "Keys all random numbers (default: ${DEFAULT-VALUE}). The same key gives the same results for any batch size and number of threads.")
    long rngSeed = InversionSettings.REFERENCE.rngSeed();

    @Option(
            names = "--norm",
            paramLabel = "2|inf|P",
            description = "The distance's norm (default: 2).")
    Optional<Norm> norm = Optional.empty();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description =
                    "How many inputs are worked on at a time (default: ${DEFAULT-VALUE}); less needs less memory.")
    int batchSize = InversionSettings.REFERENCE.batchSize();

    @Option(
            names = "--fake-relu",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Whether a last ReLU before the layer may pass gradients unchanged (default: it may); `fast` lets it only where the ReLU is the layer.")
    Optional<Boolean> fakeRelu = Optional.empty();

    @ArgGroup(
            validate = false,
            heading = "%nOther objectives of a search (with the optimizer reference):%n")
    ObjectiveOptions objective = new ObjectiveOptions();

    @ArgGroup(validate = false, heading = "%nOther steps, constraints and candidates:%n")
    MovementOptions movement = new MovementOptions();

    /**
     * The settings that were asked for.
     *
     * @throws stir.api.UsageException if a value is out of its range, or two do not go together
     */
    InversionSettings settings() {
        var base = preset.settings();
        var rule = optimizer(base);
        return new InversionSettings(
                rule,
                iterations.orElse(
                        rule == base.optimizer() ? base.iterations() : rule.defaultIterations()),
                tolerance.orElse(
                        rule == base.optimizer() ? base.tolerance() : rule.defaultTolerance()),
                seed.orElse(base.seed()),
                rngSeed,
                norm.orElse(base.norm()),
                batchSize,
                fakeRelu.orElse(base.fakeRelu()),
                objective.objective(base.objective()),
                movement.movement(base.movement()),
                movement.candidates);
    }

    private Optimizer optimizer(InversionSettings base) {
        if (!untilConverged) {
            return optimizer.orElse(base.optimizer());
        }
        if (optimizer.isPresent() && optimizer.get() != Optimizer.THOROUGH) {
            throw new UsageException(
                    "--until-converged searches with the optimizer thorough, not %s: leave one of the two options out."
                            .formatted(optimizer.get()));
        }
        return Optimizer.THOROUGH;
    }
}
