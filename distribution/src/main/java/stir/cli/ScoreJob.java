package stir.cli;

import stir.cli.report.ScoreReport;
import stir.core.NetworkSpec;
import stir.core.ProgressListener;
import stir.core.ScoreSettings;
import stir.core.Stir;
import stir.core.inputs.Inputs;
import stir.core.inversion.ResultFolder;

import java.util.Optional;

/**
 * One comparison of two networks.
 *
 * @param a the first network
 * @param b the second network
 * @param settings how they are compared
 */
record ScoreJob(NetworkSpec a, NetworkSpec b, ScoreSettings settings) {
    /**
     * Opens both networks, compares them and closes them.
     *
     * @param folder keeps the searches, if there is one
     */
    ScoreReport run(
            Stir stir, Inputs inputs, Optional<ResultFolder> folder, ProgressListener listener) {
        try (var first = stir.open(a);
                var second = stir.open(b)) {
            var comparison =
                    folder.isPresent()
                            ? stir.compare(first, second, inputs, settings, folder.get(), listener)
                            : stir.compare(first, second, inputs, settings, listener);
            return new ScoreReport(comparison, a, b, inputs);
        }
    }
}
