package stir.core.measure;

import java.util.Arrays;
import stir.api.Matrix;
import stir.core.math.linalg.DenseMatrix;
import stir.core.math.linalg.MappedRows;
import stir.core.math.linalg.RowSource;

/**
 * The units of one representation that correspond to units of another, by the correlation of their
 * responses to the same rows; a constant unit has the correlation 0 with all. Source: Li, Yosinski,
 * Clune, Lipson and Hopcroft 2016, Convergent learning: do different neural networks learn the same
 * representations?
 */
public final class UnitMatches {
    private final DenseMatrix correlations; // a row per unit of the first
    private final int[] partners;

    private UnitMatches(DenseMatrix correlations, int[] partners) {
        this.correlations = correlations;
        this.partners = partners;
    }

    /**
     * Matches units.
     *
     * @param a the representation whose units are matched, one column each
     * @param b the representation that has their matches, with the same rows
     * @param oneToOne whether units are matched one to one as well, which takes the cube of their
     *     number
     */
    public static UnitMatches of(RowSource a, Matrix b, boolean oneToOne) {
        var narrower = FeatureCorrelations.of(MappedRows.centred(a), MappedRows.centred(b));
        boolean isOfA = a.columns() <= b.columns();
        var partners = new int[a.columns()];
        Arrays.fill(partners, -1);
        if (oneToOne) {
            int[] assigned = Transport.assignment(narrower);
            for (int i = 0; i < assigned.length; i++) {
                partners[isOfA ? i : assigned[i]] = isOfA ? assigned[i] : i;
            }
        }
        return new UnitMatches(isOfA ? narrower : narrower.transposed(), partners);
    }

    /** Returns the unit of the second representation that correlates most with a unit. */
    public int nearest(int unit) {
        var row = correlations.row(unit);
        int nearest = 0;
        for (int j = 1; j < row.length; j++) {
            if (row[j] > row[nearest]) {
                nearest = j;
            }
        }
        return nearest;
    }

    /** Returns the unit that is matched to a unit one to one, or -1. */
    public int partner(int unit) {
        return partners[unit];
    }

    /** Returns the correlation of a unit and one of the second representation. */
    public double correlation(int unit, int other) {
        return correlations.get(unit, other);
    }
}
