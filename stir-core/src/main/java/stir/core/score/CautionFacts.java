package stir.core.score;

import stir.api.Caution;

/**
 * Names of the facts of a {@link Caution} that determine which part of a score it is about.
 *
 * @since 0.1.0
 */
public final class CautionFacts {
    /** The only direction that it is about, {@code vgg0 | vgg1} for STIR(vgg0 | vgg1). */
    public static final String DIRECTION = "direction";

    /** The number of converged inputs, if the caution is about their score. */
    public static final String CONVERGED_INPUTS = "converged_inputs";

    private CautionFacts() {}
}
