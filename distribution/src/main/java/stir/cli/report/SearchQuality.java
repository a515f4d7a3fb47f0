package stir.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;

import stir.core.inversion.Inversion;
import stir.core.inversion.InversionSettings;
import stir.core.score.ConvergedScore;

import java.util.Locale;

/**
 * How good the invariant inputs of a search are.
 *
 * @param inversion what was found
 * @param within the relative distance up to which an input counts as found
 */
record SearchQuality(Inversion inversion, double within) {
    /** The quality of a search. */
    static SearchQuality of(Inversion inversion, InversionSettings settings) {
        return new SearchQuality(inversion, ConvergedScore.within(settings));
    }

    /** Adds it to a document. */
    void addTo(ObjectNode node) {
        node.putObject("residual")
                .put("mean", inversion.meanResidual())
                .put("median", inversion.medianResidual())
                .put("max", inversion.maxResidual());
        node.put("converged", inversion.converged(within));
        node.put("converged-within", within);
        node.put("passes", inversion.meanPasses());
        node.put("restarted", inversion.restarted());
        node.put("moved", inversion.meanMoved());
        inversion
                .meanNearer()
                .ifPresent(
                        share ->
                                node.put("nearer-at-most", share)
                                        .put("nearer-known", inversion.nearerKnown()));
        node.put("fake-relu", inversion.fakeRelu());
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

    /** Adds it to a table. */
    void addTo(TextTable table, String name) {
        table.row(
                name,
                "residual mean " + TextTable.number(inversion.meanResidual()),
                "median " + TextTable.number(inversion.medianResidual()),
                "max " + TextTable.number(inversion.maxResidual()));
        table.row(
                "",
                TextTable.percent(inversion.converged(within)) + " within " + within,
                String.format(Locale.ROOT, "%.0f passes each", inversion.meanPasses())
                        + (inversion.restarted() > 0
                                ? ", %d restarted".formatted(inversion.restarted())
                                : ""),
                moved());
    }
}
