package stir.cli.report;

import stir.core.inversion.InversionSettings;

/** A search in words. */
public final class SearchText {
    private SearchText() {}

    /** Returns the optimiser and the length of a search. */
    static String method(InversionSettings settings) {
        return settings.iterations() == 0
                ? settings.optimizer().toString()
                : "%s, up to %d iterations".formatted(settings.optimizer(), settings.iterations());
    }

    /** Returns the optimiser, the length and the use of the values of a search. */
    public static String meaning(InversionSettings settings) {
        return method(settings)
                + switch (settings.optimizer()) {
                    case THOROUGH ->
                            ": the nearest invariant inputs, whose scores are the ones to report";
                    case FAST -> ": a first impression; thorough finds the inputs to report";
                    case REFERENCE ->
                            ": the published search, to compare with papers; it does not converge";
                    case NEAREST ->
                            ": the candidates with the nearest representations, without a search";
                };
    }
}
