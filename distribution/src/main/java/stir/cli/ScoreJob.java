package stir.cli;

import stir.cli.report.ScoreReport;
import stir.core.NetworkSpec;
import stir.core.ProgressListener;
import stir.core.ScoreSettings;
import stir.core.Stir;
import stir.core.inputs.Inputs;

/**
 * One comparison of two networks.
 *
 * @param a the first network
 * @param b the second network
 * @param settings how they are compared
 */
record ScoreJob(NetworkSpec a, NetworkSpec b, ScoreSettings settings) {
    /** Opens both networks, compares them and closes them. */
    ScoreReport run(Stir stir, Inputs inputs, ProgressListener listener) {
        try (var first = stir.open(a);
                var second = stir.open(b)) {
            return new ScoreReport(
                    stir.compare(first, second, inputs, settings, listener), a, b, inputs);
        }
    }
}
