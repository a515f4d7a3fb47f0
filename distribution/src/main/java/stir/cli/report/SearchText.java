package stir.cli.report;

import stir.core.inversion.InversionSettings;

/** A search in words. */
final class SearchText {
    private SearchText() {}

    /** Returns the optimiser and the length of a search. */
    static String method(InversionSettings settings) {
        return settings.iterations() == 0
                ? settings.optimizer().toString()
                : "%s, up to %d iterations".formatted(settings.optimizer(), settings.iterations());
    }
}
