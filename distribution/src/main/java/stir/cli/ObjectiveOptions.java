package stir.cli;

import picocli.CommandLine.Option;

import stir.api.UsageException;
import stir.core.inversion.Distortion;
import stir.core.inversion.Objective;
import stir.core.inversion.Regulariser;
import stir.core.inversion.Rival;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a search makes small besides the distance. */
final class ObjectiveOptions {
    @Option(
            names = "--controversial",
            paramLabel = "MODEL",
            description =
                    "Moves the representation of a second network away from the input's, while the reference's matches.")
    Optional<Path> controversial = Optional.empty();

    @Option(
            names = "--controversial-factor",
            paramLabel = "F",
            description =
                    "What the second network's relative distance counts, against the reference's (default: 0.1).")
    Optional<Double> factor = Optional.empty();

    @Option(
            names = "--cka-attack",
            paramLabel = "MODEL",
            description =
                    "Instead of matching anything, makes the linear CKA of the reference and this network small, over groups of up to 100 inputs.")
    Optional<Path> cka = Optional.empty();

    @Option(
            names = "--second-layer",
            paramLabel = "NAME",
            description = "The second network's layer (default: the last before its classifier).")
    Optional<String> secondLayer = Optional.empty();

    @Option(
            names = "--second-mean",
            paramLabel = "V",
            split = ",",
            description = "As --mean, for the second network.")
    List<Double> secondMean = List.of();

    @Option(
            names = "--second-std",
            paramLabel = "V",
            split = ",",
            description = "As --std, for the second network.")
    List<Double> secondDeviation = List.of();

    @Option(
            names = "--tv",
            paramLabel = "WEIGHT[:BETA]",
            description =
                    "Adds the total variation, to the power of beta/2 (default: 2), with a weight against the relative distance's 1.")
    Optional<Regulariser.TotalVariation> variation = Optional.empty();

    @Option(
            names = "--blur",
            paramLabel = "WEIGHT",
            description = "Adds half the squared distance from a blurred copy.")
    Optional<Regulariser.Blur> blur = Optional.empty();

    @Option(
            names = "--grey",
            paramLabel = "WEIGHT[:P[:LEVEL]]",
            description =
                    "Adds the L_P distance (default: 1) of the pixels from a grey (default: 0.5).")
    Optional<Regulariser.Grey> grey = Optional.empty();

    @Option(
            names = "--transform",
            paramLabel = "KIND:AMOUNT",
            split = ",",
            description =
                    "Distorts the image at random before each pass, in this order: jitter:PIXELS, pad:PIXELS, scale:SHARE, rotate:DEGREES, with commas in between.")
    List<Distortion> distortions = List.of();

    /**
     * An objective with what was asked for.
     *
     * @param base what holds where nothing was asked for
     * @throws UsageException if options do not go together
     */
    Objective objective(Objective base) {
        var terms = new TreeMap<String, Regulariser>();
        base.regularisers().forEach(term -> terms.put(term.name(), term));
        variation.ifPresent(term -> terms.put(term.name(), term));
        blur.ifPresent(term -> terms.put(term.name(), term));
        grey.ifPresent(term -> terms.put(term.name(), term));
        return new Objective(
                List.copyOf(terms.values()),
                rival(),
                distortions.isEmpty() ? base.distortions() : distortions);
    }

    private Optional<Rival> rival() {
        if (controversial.isPresent() && cka.isPresent()) {
            throw new UsageException(
                    "--controversial and --cka-attack are two objectives: take one of them.");
        }
        if (controversial.isEmpty() && factor.isPresent()) {
            throw new UsageException(
                    "--controversial-factor needs the network that it is for: add --controversial MODEL.");
        }
        var rival =
                controversial
                        .map(
                                model ->
                                        Rival.controversial(
                                                model, factor.orElse(Rival.DEFAULT_FACTOR)))
                        .or(() -> cka.map(Rival::cka))
                        .map(found -> found.withNormalisation(secondMean, secondDeviation));
        boolean detailed =
                secondLayer.isPresent() || !secondMean.isEmpty() || !secondDeviation.isEmpty();
        if (rival.isEmpty() && detailed) {
            throw new UsageException(
                    "--second-layer, --second-mean and --second-std need the network that they are for: add --controversial MODEL or --cka-attack MODEL.");
        }
        return rival.map(found -> secondLayer.map(found::withLayer).orElse(found));
    }
}
