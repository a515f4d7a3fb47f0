package stir.core.inversion;

import stir.api.UsageException;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A second network in the objective.
 *
 * @param model its file or folder; the backends recognise it
 * @param layer where it is measured; empty for its default layer
 * @param mean what is subtracted from inputs in [0,1] before it takes them: one value, one a
 *     channel, or none
 * @param standardDeviation what they are divided by then
 * @param aim what it is there for
 * @param factor how much it weighs, above 0; 1 for {@link Aim#CKA}, which has no other term
 */
public record Rival(
        Path model,
        Optional<String> layer,
        List<Double> mean,
        List<Double> standardDeviation,
        Aim aim,
        double factor) {
    /** The factor of the published code. */
    public static final double DEFAULT_FACTOR = 0.1;

    /** What a search does to the second network. */
    public enum Aim {
        /**
         * Controversial stimuli: the value is the reference's relative distance minus the factor
         * times the second network's, so that the second network tells apart what the reference
         * does not. Sources: Golan, Raju, Kriegeskorte, Controversial stimuli, PNAS 2020; in this
         * form, {@code ControversialStimuliLoss} in the code of Nanda et al., ICML 2022.
         */
        CONTROVERSIAL,

        /**
         * An attack on linear CKA: the value is the CKA of the reference and the second network on
         * the inputs that are searched, in groups of {@link #CKA_GROUP} inputs; the search makes it
         * small. Source: {@code SimLoss} in the code of Nanda et al., ICML 2022, where a group is a
         * batch.
         */
        CKA
    }

    /**
     * The most inputs of one group of a {@link Aim#CKA} attack. Groups are neighbouring inputs, as
     * few as possible and as equal as possible.
     */
    public static final int CKA_GROUP = 100;

    /** Checks the factor. */
    public Rival {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(layer, "layer");
        mean = List.copyOf(mean);
        standardDeviation = List.copyOf(standardDeviation);
        Objects.requireNonNull(aim, "aim");
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new UsageException(
                    "The factor of the second network must be above 0, not " + factor + ".");
        }
    }

    /** A network to move away from. */
    public static Rival controversial(Path model, double factor) {
        return new Rival(model, Optional.empty(), List.of(), List.of(), Aim.CONTROVERSIAL, factor);
    }

    /** A network whose CKA with the reference is attacked. */
    public static Rival cka(Path model) {
        return new Rival(model, Optional.empty(), List.of(), List.of(), Aim.CKA, 1);
    }

    /** The same at another layer. */
    public Rival withLayer(String other) {
        return new Rival(model, Optional.of(other), mean, standardDeviation, aim, factor);
    }

    /** The same with inputs normalised before it takes them. */
    public Rival withNormalisation(List<Double> otherMean, List<Double> otherDeviation) {
        return new Rival(model, layer, otherMean, otherDeviation, aim, factor);
    }

    /** The name of the option that asks for it. */
    String optionName() {
        return aim == Aim.CKA ? "cka-attack" : "controversial";
    }
}
