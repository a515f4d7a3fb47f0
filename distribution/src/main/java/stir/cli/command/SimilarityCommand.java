package stir.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.option.FormatOption;
import stir.cli.option.MeasureOptions;
import stir.cli.option.MemoryOption;
import stir.cli.report.SimilarityReport;
import stir.core.io.files.ExistingPath;
import stir.core.math.statistics.Estimate;
import stir.core.representation.MatrixFile;

/** {@code stir similarity}: a comparison of two saved representations. */
@Command(
        name = "similarity",
        description = {
            "Compares two representations of the same inputs.",
            "",
            "Each file has one row per input, in the same order; the widths may differ."
        },
        footer = {
            "",
            "Examples:",
            "  stir similarity x.npy y.npy",
            "  stir similarity x.csv y.csv --measure linear-cka --format json",
            "      {\"schema\": \"stir-similarity/1\", \"similarity\": {\"linear-cka\": 0.774586}}"
        })
final class SimilarityCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "X", description = "First representation: .npy, .npz or .csv.")
    Path x = Path.of("");

    @Parameters(index = "1", paramLabel = "Y", description = "Second representation.")
    Path y = Path.of("");

    @Option(
            names = "--array",
            paramLabel = "NAME",
            description = "Array of .npz files with the rows (default: the only array, or the array" + " named array).")
    Optional<String> array = Optional.empty();

    @Mixin
    MeasureOptions measures = new MeasureOptions();

    @Mixin
    MemoryOption memory = new MemoryOption();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Integer call() {
        var command = spec.commandLine();
        ExistingPath.check(List.of(x, y));
        var messages = Messages.of(command);
        var stir = Console.of(command).load(command);
        Map<String, Estimate> values;
        try (var first = MatrixFile.open(x, array);
                var second = MatrixFile.open(y, array)) {
            values = stir.similarity(first, second, measures.measures(), memory.bytes());
            messages.warn(stir.cautions(first, second, measures.measures(), memory.bytes()));
        }
        values.forEach((measure, value) ->
                value.undefined().ifPresent(why -> messages.note("no %s: %s".formatted(measure, why))));
        format.print(new SimilarityReport(values, stir.extensions().measures()), command);
        return values.values().stream().anyMatch(Estimate::isDefined) ? ExitCode.DONE : ExitCode.FAILED;
    }
}
