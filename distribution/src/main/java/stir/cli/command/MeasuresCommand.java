package stir.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import stir.cli.console.Console;
import stir.cli.console.ExitCode;
import stir.cli.console.Messages;
import stir.cli.option.FormatOption;
import stir.cli.report.MeasureList;

import java.util.concurrent.Callable;

/** {@code stir measures}: the list of similarity measures. */
@Command(
        name = "measures",
        description = {
            "Lists the similarity measures, each with the range of its values.",
            "",
            "Parameters follow the id: --measure 'ID?NAME=VALUE'. Jars in the folder plugins/ add"
                    + " further measures."
        },
        footer = {"", "Example:", "  stir measures --format json"})
final class MeasuresCommand implements Callable<Integer> {
    private final Console console;

    @Spec CommandSpec spec = CommandSpec.create();

    @Mixin FormatOption format = new FormatOption();

    MeasuresCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        var command = spec.commandLine();
        var measures = console.load(Messages.of(command)).extensions().measures().values();
        int columns = spec.usageMessage().width();
        format.print(new MeasureList(measures, columns), command);
        return ExitCode.DONE;
    }
}
