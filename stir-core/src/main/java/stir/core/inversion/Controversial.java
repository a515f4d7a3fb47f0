package stir.core.inversion;

import stir.api.UsageException;

import java.util.Objects;

/**
 * Controversial stimuli: the value is the reference's relative distance minus a factor times the
 * second network's, so that the second network tells apart what the reference does not. Sources:
 * Golan, Raju, Kriegeskorte, Controversial stimuli, PNAS 2020; in this form, {@code
 * ControversialStimuliLoss} in the code of Nanda et al., ICML 2022.
 *
 * @param network the second network
 * @param factor how much it weighs, above 0
 */
public record Controversial(SecondNetwork network, double factor) {
    /** The factor of the published code. */
    public static final double DEFAULT_FACTOR = 0.1;

    /** Checks the factor. */
    public Controversial {
        Objects.requireNonNull(network, "network");
        checked(factor);
    }

    /** The factor if it is one. */
    static double checked(double factor) {
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new UsageException(
                    "The factor of the second network must be above 0, not " + factor + ".");
        }
        return factor;
    }
}
