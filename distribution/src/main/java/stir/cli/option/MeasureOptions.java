package stir.cli.option;

import java.util.List;
import picocli.CommandLine.Option;
import stir.core.score.ScoreSettings;

/** The choice of similarity measures. */
public final class MeasureOptions {
    @Option(
            names = "--measure",
            paramLabel = "ID",
            description = "Similarity measure; `stir measures` lists them (default:"
                    + " linear-cka, the published one, and linear-cka-debiased, which is"
                    + " not biased upwards for few inputs). Repeatable.")
    private List<String> measures = List.of();

    /**
     * Returns the ids of the measures. The settings of searches are set up for the default alone.
     */
    public List<String> measures() {
        return measures.isEmpty() ? ScoreSettings.DEFAULT_MEASURES : measures;
    }
}
