package stir.cli.option;

import picocli.CommandLine.Option;

import stir.core.score.ScoreSettings;

import java.util.List;

/** The similarity measures that are asked for. */
public final class MeasureOptions {
    @Option(
            names = "--measure",
            paramLabel = "ID",
            description =
                    "A similarity measure; `stir measures` lists them (default: linear-cka, the published one, and beside it linear-cka-debiased, which few inputs do not raise). Repeatable.")
    private List<String> measures = ScoreSettings.DEFAULT_MEASURES;

    /** Returns the ids of the measures. */
    public List<String> measures() {
        return measures;
    }
}
