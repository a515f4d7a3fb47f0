package stir.core.score.compute;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import stir.api.Caution;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.inversion.Optimizer;
import stir.core.score.Acceptance;
import stir.core.score.CautionText;
import stir.core.score.SearchQuality;

/** The cautions about the invariant inputs of a search. */
public final class SearchCautions {
    private static final Set<String> NOT_FOUND = Set.of(
            CautionText.CANDIDATES_NOT_INVARIANT, CautionText.NOT_INVARIANT_THOUGH_THOROUGH, CautionText.NOT_INVARIANT);

    /** The relative distance from the inputs below which a target may find both similar. */
    private static final double NEAR = 0.75;

    private SearchCautions() {}

    /**
     * Returns the reasons not to trust scores that residuals and distances from the inputs show.
     *
     * @param inversion its invariant inputs
     * @param layer the inverted layer, with the name of its model
     */
    public static List<Caution> of(InversionSettings search, Inversion inversion, String layer) {
        var cautions = new ArrayList<Caution>();
        notFound(search, inversion).ifPresent(cautions::add);
        if (inversion.isNearInputs()) {
            cautions.add(Caution.of(
                    inversion.ignoresNothing(search) ? CautionText.IGNORES_NOTHING : "kept-near-inputs",
                    Map.of(
                            "layer",
                            layer,
                            "distance_in_percent",
                            100 * inversion.meanDistanceFromInput().orElseThrow())));
        }
        return cautions;
    }

    /**
     * Returns that invariant inputs are so near their inputs that a target which ignores nothing
     * may find both similar; empty if they are not, or if another caution states it.
     */
    public static Optional<Caution> near(Inversion inversion) {
        double distance = inversion.meanDistanceFromInput().orElse(Double.POSITIVE_INFINITY);
        return distance < NEAR && !inversion.isNearInputs()
                ? Optional.of(Caution.of(CautionText.NEAR_INPUTS, Map.of("near_in_percent", 100 * NEAR)))
                : Optional.empty();
    }

    /** Returns that a search found no invariant input; empty if it found some. */
    private static Optional<Caution> notFound(InversionSettings search, Inversion inversion) {
        var method = search.method();
        double within = SearchQuality.tolerance(search);
        if (inversion.meanResidual() < SearchQuality.DEFAULT_TOLERANCE
                || IntStream.range(0, inversion.count()).anyMatch(i -> inversion.residual(i) <= within)) {
            return Optional.empty();
        }
        return Optional.of(Caution.of(
                method instanceof NearestNeighbour
                        ? CautionText.CANDIDATES_NOT_INVARIANT
                        : method.optimizer() == Optimizer.THOROUGH
                                ? CautionText.NOT_INVARIANT_THOUGH_THOROUGH
                                : CautionText.NOT_INVARIANT,
                Map.of("mean_residual", inversion.meanResidual(), "tolerance", within)));
    }

    /**
     * Returns the cautions that hold after the invariant inputs were compared with different
     * inputs, which decides whether any was found.
     *
     * @param cautions the cautions of a score
     * @param inversion the invariant inputs
     * @param acceptance the acceptance of the invariant inputs; empty if they were not compared
     */
    public static List<Caution> judged(List<Caution> cautions, Inversion inversion, Optional<Acceptance> acceptance) {
        if (acceptance.isEmpty()) {
            return cautions;
        }
        boolean any = acceptance.get().share() > 0;
        boolean isReported = cautions.stream().anyMatch(caution -> NOT_FOUND.contains(caution.kind()));
        var judged = new ArrayList<>(cautions);
        if (any) {
            judged.removeIf(caution -> NOT_FOUND.contains(caution.kind()));
        } else if (!isReported) {
            judged.add(Caution.of(
                    CautionText.NONE_ACCEPTED,
                    Map.of(
                            "mean_residual", inversion.meanResidual(),
                            "threshold", acceptance.get().threshold())));
        }
        return judged;
    }
}
