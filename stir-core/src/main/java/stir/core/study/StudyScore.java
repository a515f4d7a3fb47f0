package stir.core.study;

import stir.core.inversion.Inversion;
import stir.core.math.statistics.Summary;
import stir.core.score.DirectedScore;
import stir.core.study.plan.PlannedPair;
import stir.core.study.plan.StudiedLayer;
import stir.core.study.store.Assembly;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * STIR(target | reference) after one repeat of a search.
 *
 * @param reference the layer that was inverted
 * @param target the layer that was scored on its invariant inputs
 * @param search the name of the search
 * @param repeat the number of the repeat, from 1
 * @param score the values
 * @since 0.1.0
 */
public record StudyScore(
        StudiedLayer reference,
        StudiedLayer target,
        String search,
        int repeat,
        DirectedScore score) {
    /** Returns the score of a pair; empty if parts are missing. */
    static Optional<StudyScore> of(
            Assembly assembly, PlannedPair pair, String search, int repeat, Inversion inversion) {
        return assembly.score(pair, search, repeat, inversion)
                .map(
                        found ->
                                new StudyScore(
                                        pair.reference(), pair.target(), search, repeat, found));
    }

    /** Returns both layers. */
    PlannedPair pair() {
        return new PlannedPair(reference, target);
    }

    /** Returns the residuals' mean, median and maximum. */
    public Summary residual() {
        var inversion = score.inversion();
        return Summary.of(
                        IntStream.range(0, inversion.count())
                                .mapToDouble(inversion::residual)
                                .toArray())
                .orElseThrow();
    }
}
