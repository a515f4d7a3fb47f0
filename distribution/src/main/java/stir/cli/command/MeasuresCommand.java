package stir.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.option.FormatOption;
import stir.cli.report.MeasureList;

/** {@code stir measures}: the list of similarity measures. */
@Command(
        name = "measures",
        description = {
            "Lists the similarity measures by family, or explains the given measures.",
            "",
            "Parameters follow the id: --measure 'ID?NAME=VALUE'. Jars in the folder plugins/" + " add measures."
        },
        footer = {"", "Examples:", "  stir measures", "  stir measures procrustes", "  stir measures --format json"})
final class MeasuresCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Measures to explain (default: all, a line each).")
    List<String> ids = List.of();

    @Option(names = "--details", description = "Print the source, range and parameters of each measure.")
    boolean details;

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var console = Console.of(command);
        var stir = console.load(command);
        var chosen = ids.isEmpty() ? stir.measures() : stir.measures(ids);
        var detailed = details || !ids.isEmpty();
        format.print(new MeasureList(chosen.values(), console.columns(), detailed), command);
        return ExitCode.DONE;
    }
}
