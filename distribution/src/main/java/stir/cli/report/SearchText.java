package stir.cli.report;

import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;

/** A search in words. */
public final class SearchText {
    private SearchText() {}

    /** Returns whether invariant inputs are given, one per input. */
    static boolean isPaired(InversionSettings settings) {
        return settings.method() instanceof NearestNeighbour nearest && nearest.paired();
    }

    /** Returns the optimiser and the length of a search. */
    static String method(InversionSettings settings) {
        if (isPaired(settings)) {
            return "given pairs";
        }
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
                            isPaired(settings)
                                    ? ": taken as they are, without a search"
                                    : ": the candidates with the nearest representations, without a search";
                };
    }
}
