package stir.cli.report;

import stir.core.inversion.InversionSettings;

/** The optimiser of a search, and the use of its values, in words. */
public final class SearchMeaning {
    private SearchMeaning() {}

    /** Returns the optimiser with its iterations, and the use of its values. */
    public static String of(InversionSettings settings) {
        return switch (settings.optimizer()) {
            case THOROUGH ->
                    "thorough, up to %d iterations: the nearest invariant inputs, whose scores are the ones to report"
                            .formatted(settings.iterations());
            case FAST ->
                    "fast, %d iterations: a first impression; thorough finds the inputs to report"
                            .formatted(settings.iterations());
            case REFERENCE ->
                    "reference, %d iterations: the published search, to compare with papers; it does not converge"
                            .formatted(settings.iterations());
            case NEAREST -> "nearest: the candidates with the nearest representations, no search";
        };
    }
}
