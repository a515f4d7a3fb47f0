package stir.cli;

import stir.cli.report.ScoreReport;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.ResultFolder;
import stir.core.network.Network;
import stir.core.network.NetworkSpec;
import stir.core.progress.ProgressListener;
import stir.core.score.Comparison;
import stir.core.score.ScoreSettings;

import java.util.ArrayList;
import java.util.Optional;
import java.util.SortedSet;

/**
 * One comparison of two networks.
 *
 * @param a the first network
 * @param b the second network
 * @param settings how they are compared
 * @param curve the iterations of other searches after which they are compared as well
 */
record ScoreJob(NetworkSpec a, NetworkSpec b, ScoreSettings settings, SortedSet<Integer> curve) {
    /**
     * Opens both networks, compares them and closes them.
     *
     * @param folder keeps the searches, if there is one
     */
    ScoreReport run(
            Stir stir, Inputs inputs, Optional<ResultFolder> folder, ProgressListener listener) {
        try (var first = stir.open(a);
                var second = stir.open(b)) {
            var comparison = compare(stir, first, second, inputs, settings, folder, listener);
            var others = new ArrayList<Comparison>();
            for (int iterations : curve) {
                if (iterations == settings.inversion().iterations()) {
                    continue;
                }
                var other =
                        settings.withRepeats(1)
                                .withInversion(settings.inversion().withIterations(iterations));
                var place = folder.map(whole -> whole.within("iterations-" + iterations));
                others.add(compare(stir, first, second, inputs, other, place, listener));
            }
            return new ScoreReport(comparison, others, a, b, inputs);
        }
    }

    private static Comparison compare(
            Stir stir,
            Network first,
            Network second,
            Inputs inputs,
            ScoreSettings settings,
            Optional<ResultFolder> folder,
            ProgressListener listener) {
        return folder.isPresent()
                ? stir.compare(first, second, inputs, settings, folder.get(), listener)
                : stir.compare(first, second, inputs, settings, listener);
    }
}
