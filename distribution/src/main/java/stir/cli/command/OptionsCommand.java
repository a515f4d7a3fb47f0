package stir.cli.command;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import stir.api.UsageException;
import stir.api.support.NearestNames;
import stir.cli.console.ExitCode;
import stir.cli.option.FormatOption;
import stir.cli.report.OptionList;

/** {@code stir options}: the table of all options, for programs that run Stir. */
@Command(
        name = "options",
        description = {
            "Lists the options of commands as a table, for programs that run Stir.",
            "",
            "People read `stir help COMMAND --all`, which explains the same options."
        },
        footer = {"", "Examples:", "  stir options score", "  stir options --format json"})
final class OptionsCommand implements Callable<Integer> {
    @Spec
    CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Commands (default: all).")
    List<String> names = List.of();

    @Mixin
    FormatOption format = new FormatOption();

    @Override
    public Integer call() {
        var commands = spec.root().subcommands();
        for (var name : names) {
            if (!commands.containsKey(name)) {
                throw new UsageException(NearestNames.sentence("command", name, commands.keySet()) + ".");
            }
        }
        var listed = commands.entrySet().stream()
                .filter(command -> names.isEmpty() || names.contains(command.getKey()))
                .map(command -> command.getValue().getCommandSpec())
                .toList();
        format.print(new OptionList(listed), spec.commandLine());
        return ExitCode.DONE;
    }
}
