package stir.core.inversion;

import java.util.OptionalDouble;
import stir.api.UsageException;

/**
 * Controversial stimuli: the value is the reference's relative distance minus a factor times the
 * second network's. So the second network distinguishes inputs that the reference does not.
 * Sources: Golan, Raju, Kriegeskorte, Controversial stimuli, PNAS 2020; in this form, {@code
 * ControversialStimuliLoss} in the code of Nanda et al., ICML 2022.
 *
 * @param network the second network
 * @param factor the weight of its relative distance
 * @since 0.1.0
 */
public record Controversial(SecondNetwork network, Factor factor) {
    /**
     * The weight of the second network's relative distance.
     *
     * @param fixed a number above 0, or empty for the automatic weight
     */
    public record Factor(OptionalDouble fixed) {
        /** The factor of the published code. */
        public static final Factor PUBLISHED = new Factor(OptionalDouble.of(0.1));

        /**
         * At each point the ratio {@code d_1 / d_2} of the two distances, held constant in the
         * derivative: steps go along {@code grad d_1 - (d_1 / d_2) grad d_2}. The gradient of the
         * ratio has the same direction; the ratio is the value, to which weights of other terms are
         * relative. Source: {@code LPNormLoss} in the code of Nanda et al., ICML 2022; there it is
         * the ratio of means over a batch, so an input's search depends on others; here each input
         * has its own ratio.
         */
        public static final Factor AUTOMATIC = new Factor(OptionalDouble.empty());

        private static final String AUTO = "auto";

        /** Checks the number. */
        public Factor {
            if (fixed.isPresent()) {
                checked(fixed.getAsDouble());
            }
        }

        /** Parses a number or {@code auto}. */
        static Factor parse(String text) {
            if (text.equals(AUTO)) {
                return AUTOMATIC;
            }
            try {
                return new Factor(OptionalDouble.of(Double.parseDouble(text)));
            } catch (NumberFormatException e) {
                throw new UsageException("'%s' is neither a number nor auto.".formatted(text), e);
            }
        }

        /** Returns the number, or the word for the automatic weight. */
        Object word() {
            return fixed.isPresent() ? (Object) fixed.getAsDouble() : AUTO;
        }
    }

    /** Creates stimuli with a fixed factor, above 0. */
    public Controversial(SecondNetwork network, double factor) {
        this(network, new Factor(OptionalDouble.of(factor)));
    }

    private static void checked(double factor) {
        if (!(factor > 0 && factor < Double.POSITIVE_INFINITY)) {
            throw new UsageException("The factor of the second network must be above 0, not " + factor + ".");
        }
    }
}
