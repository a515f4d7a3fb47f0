package stir.core.score;

import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Optional;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;

/**
 * The search for a reference's invariant inputs, and its quality.
 *
 * @param name the name of the search
 * @param repeat the number of the repeat, from 1
 * @param settings the settings of the search
 * @param inversion the invariant inputs and their residuals
 * @param acceptance the judgement of the invariant inputs against different inputs; empty for
 *     searches at several layers
 * @since 0.1.0
 */
@JsonSerialize(converter = SearchQualityDocument.Writer.class)
public record SearchQuality(
        String name, int repeat, InversionSettings settings, Inversion inversion, Optional<Acceptance> acceptance) {
    /** The residual up to which a search without a tolerance has converged. */
    public static final double DEFAULT_TOLERANCE = 0.1;

    /** Returns the residual up to which a search with these settings has converged. */
    public static double tolerance(InversionSettings settings) {
        return settings.tolerance() > 0 ? settings.tolerance() : DEFAULT_TOLERANCE;
    }

    /** Returns the residual up to which the search for an input has converged. */
    public double tolerance() {
        return tolerance(settings);
    }

    /** Returns the share of inputs, from 0 to 1, whose search converged. */
    public double converged() {
        return inversion.converged(tolerance());
    }

    /**
     * Returns the share of inputs, from 0 to 1, whose invariant input is accepted; if that is
     * unknown, whose search converged.
     */
    public double accepted() {
        return acceptance.map(Acceptance::share).orElseGet(this::converged);
    }

    /**
     * Returns whether the search could move away from the inputs but returned the inputs
     * themselves, so there is no invariance to share.
     */
    public boolean ignoresNothing() {
        return inversion.ignoresNothing(settings);
    }
}
