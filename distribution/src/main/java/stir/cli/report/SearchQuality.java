package stir.cli.report;

import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.math.statistics.Summary;
import stir.core.score.ConvergedScore;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The quality of the invariant inputs of a search.
 *
 * @param inversion the invariant inputs
 * @param within the relative distance up to which an input counts as found
 */
record SearchQuality(Inversion inversion, double within) {
    /** Returns the quality of a search. */
    static SearchQuality of(Inversion inversion, InversionSettings settings) {
        return new SearchQuality(inversion, ConvergedScore.within(settings));
    }

    /** The fields of a document. */
    record Fields(
            Summary residual,
            double converged,
            double convergedWithin,
            double passes,
            int restarted,
            double moved,
            Optional<Summary> distanceFromInput,
            OptionalDouble nearerAtMost,
            OptionalInt nearerKnown,
            boolean fakeRelu) {}

    Fields fields() {
        var nearer = inversion.meanNearer();
        return new Fields(
                new Summary(
                        inversion.meanResidual(),
                        inversion.medianResidual(),
                        inversion.maxResidual()),
                inversion.converged(within),
                within,
                inversion.meanPasses(),
                inversion.restarted(),
                inversion.meanMoved(),
                inversion.distancesFromInputs(),
                nearer,
                nearer.isPresent() ? OptionalInt.of(inversion.nearerKnown()) : OptionalInt.empty(),
                inversion.fakeRelu());
    }

    private String moved() {
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

    /**
     * Returns it in lines of at most {@link Paragraph#COLUMNS} characters.
     *
     * @param head the beginning of the first line
     */
    String text(String head) {
        return Paragraph.hanging(
                head,
                "residual mean %s, median %s, max %s; %s within %s; %.0f passes each%s; %s%s"
                        .formatted(
                                TextTable.number(inversion.meanResidual()),
                                TextTable.number(inversion.medianResidual()),
                                TextTable.number(inversion.maxResidual()),
                                TextTable.percent(inversion.converged(within)),
                                within,
                                inversion.meanPasses(),
                                inversion.restarted() > 0
                                        ? ", %d restarted".formatted(inversion.restarted())
                                        : "",
                                moved(),
                                inversion.meanDistanceFromInput().stream()
                                        .mapToObj(TextTable::number)
                                        .map("; distance from X "::concat)
                                        .findFirst()
                                        .orElse("")));
    }
}
