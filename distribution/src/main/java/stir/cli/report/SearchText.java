package stir.cli.report;

import java.util.Locale;
import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.inversion.NearestNeighbour;
import stir.core.score.Advice;
import stir.core.score.SearchQuality;

/** A search in words. */
public final class SearchText {
    private SearchText() {}

    /** Returns whether invariant inputs are given, one per input. */
    static boolean isPaired(InversionSettings settings) {
        return settings.method() instanceof NearestNeighbour nearest && nearest.paired();
    }

    /** Returns advice in words; given pairs have no search that could be longer. */
    static String advice(Advice advice, InversionSettings settings) {
        return advice.kind() == Advice.Kind.LONGER_SEARCH && isPaired(settings)
                ? "pairs with smaller residuals"
                : advice.text();
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
                    case THOROUGH -> ": the nearest invariant inputs, for scores to report";
                    case FAST -> ": a first impression; thorough finds the inputs to report";
                    case PUBLISHED -> ": the published search, to compare with papers; it does not converge";
                    case CANDIDATES ->
                        isPaired(settings)
                                ? ": taken as they are, without a search"
                                : ": the candidates with the nearest representations, without a search";
                };
    }

    /**
     * Returns what a search left, in lines of at most {@link Paragraph#COLUMNS} characters.
     *
     * @param head the beginning of the first line
     */
    static String quality(String head, SearchQuality search) {
        var inversion = search.inversion();
        return Paragraph.hanging(
                head,
                "residual mean %s, median %s, max %s; %s converged (residual up to %s); %.0f passes each%s; %s%s"
                        .formatted(
                                TextTable.number(inversion.meanResidual()),
                                TextTable.number(inversion.medianResidual()),
                                TextTable.number(inversion.maxResidual()),
                                TextTable.percent(search.converged()),
                                search.tolerance(),
                                inversion.meanPasses(),
                                inversion.restarted() > 0 ? ", %d restarted".formatted(inversion.restarted()) : "",
                                moved(inversion),
                                inversion.meanDistanceFromInput().stream()
                                        .mapToObj(TextTable::number)
                                        .map("; X' from X "::concat)
                                        .findFirst()
                                        .orElse("")));
    }

    private static String moved(Inversion inversion) {
        var moved = String.format(Locale.ROOT, "moved %.2f", inversion.meanMoved());
        var share = inversion.meanNearer();
        if (share.isEmpty()) {
            return moved;
        }
        int known = inversion.nearerKnown();
        return moved
                + ", to first order at most "
                + TextTable.percent(share.getAsDouble())
                + " less"
                + (known < inversion.count() ? " (of %d)".formatted(known) : "");
    }
}
